using Harmonia.Cache.Catalog;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Catalog;

public sealed class BaseNamesTests
{
    [Test]
    public void A_path_has_one_number_and_is_read_back_by_it()
    {
        BaseNames names = new(8 << 20);
        int[] numbers = [.. Enumerable.Range(0, 20_000).Select(i => names.NumberOf(FakeStore.Hash(i), NameOf(i)))];

        Assert.That(numbers, Is.Unique);
        Assert.That(numbers, Has.None.EqualTo(BaseNames.None));
        for (int i = 0; i < numbers.Length; i++)
        {
            Assert.That(names.NumberOf(FakeStore.Hash(i), NameOf(i)), Is.EqualTo(numbers[i]));
            Assert.That(names.Find(FakeStore.Hash(i), NameOf(i)), Is.EqualTo(numbers[i]));
            names.Read(numbers[i], out ReadOnlySpan<byte> hash, out ReadOnlySpan<byte> name);
            Assert.That(StorePathHash.FromBytes(hash), Is.EqualTo(FakeStore.Hash(i)));
            Assert.That(name.SequenceEqual(NameOf(i)));
        }
    }

    [Test]
    public void Two_names_with_one_hash_part_have_two_numbers()
    {
        BaseNames names = new(1 << 20);

        Assert.That(names.NumberOf(FakeStore.Hash(1), "one"u8), Is.Not.EqualTo(names.NumberOf(FakeStore.Hash(1), "two"u8)));
    }

    [Test]
    public void Names_of_keys_have_numbers_too()
    {
        BaseNames names = new(1 << 20);
        int number = names.NumberOf("cache.example.org-1"u8);

        names.Read(number, out _, out ReadOnlySpan<byte> name);

        Assert.That(name.SequenceEqual("cache.example.org-1"u8));
        Assert.That(names.NumberOf("cache.example.org-1"u8), Is.EqualTo(number));
    }

    [Test]
    public void What_has_no_number_yet_gets_none_from_a_search()
    {
        BaseNames names = new(1 << 20);

        Assert.That(names.Find(FakeStore.Hash(1), "one"u8), Is.EqualTo(BaseNames.None));
        names.NumberOf(FakeStore.Hash(2), "two"u8);
        Assert.That(names.Find(FakeStore.Hash(1), "one"u8), Is.EqualTo(BaseNames.None));
    }

    [TestCase(0)]
    [TestCase(50_000)]
    [TestCase(80_000)]
    [TestCase(1_000_000)]
    public void A_full_table_keeps_to_its_capacity_and_knows_what_it_has(long capacity)
    {
        BaseNames names = new(capacity);
        int[] numbers = [.. Enumerable.Range(0, 40_000).Select(i => names.NumberOf(FakeStore.Hash(i), NameOf(i)))];

        Assert.That(names.IsFull);
        Assert.That(names.Bytes, Is.AtMost(capacity));
        for (int i = 0; i < numbers.Length; i++)
            Assert.That(names.Find(FakeStore.Hash(i), NameOf(i)), Is.EqualTo(numbers[i]));
        Assert.That(numbers.Count(static number => number != BaseNames.None), Is.AtLeast(capacity / 80 - 1000));
    }

    [Test]
    public void A_name_that_is_too_long_has_no_number()
    {
        BaseNames names = new(1 << 20);

        Assert.That(names.NumberOf(new byte[256]), Is.EqualTo(BaseNames.None));
        Assert.That(names.NumberOf(new byte[255]), Is.Not.EqualTo(BaseNames.None));
        Assert.That(names.IsFull, Is.False);
    }

    private static byte[] NameOf(int i) => System.Text.Encoding.ASCII.GetBytes($"{new string('x', i % 40)}{i}");
}
