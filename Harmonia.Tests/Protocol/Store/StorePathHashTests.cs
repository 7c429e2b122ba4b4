using Harmonia.Protocol.Store;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Store;

public sealed class StorePathHashTests
{
    [Test]
    public void Text_comes_back()
    {
        StorePathHash hash = StorePathHash.Parse("xp0dpr9yz5h0fk5c5lpj7zzqjbdh3w8c");

        Assert.That(hash.ToString(), Is.EqualTo("xp0dpr9yz5h0fk5c5lpj7zzqjbdh3w8c"));
        Assert.That(hash, Is.EqualTo(StorePathHash.Parse("xp0dpr9yz5h0fk5c5lpj7zzqjbdh3w8c")));
        Assert.That(hash, Is.Not.EqualTo(StorePathHash.Parse("xp0dpr9yz5h0fk5c5lpj7zzqjbdh3w8d")));
    }

    [TestCase("")]
    [TestCase("xp0dpr9yz5h0fk5c5lpj7zzqjbdh3w8")]
    [TestCase("xp0dpr9yz5h0fk5c5lpj7zzqjbdh3w8cc")]
    [TestCase("Xp0dpr9yz5h0fk5c5lpj7zzqjbdh3w8c")]
    [TestCase("ep0dpr9yz5h0fk5c5lpj7zzqjbdh3w8c")]
    public void Anything_but_32_digits_is_refused(string text)
    {
        Assert.That(StorePathHash.TryParse(text, out _), Is.False);
        Assert.That(() => StorePathHash.Parse(text), Throws.TypeOf<FormatException>());
    }

    [FsCheck.NUnit.Property]
    public bool Order_is_the_order_of_the_text(Guid first, Guid second, int firstRest, int secondRest)
    {
        StorePathHash one = Make(first, firstRest);
        StorePathHash other = Make(second, secondRest);
        return Math.Sign(one.CompareTo(other)) == Math.Sign(string.CompareOrdinal(one.ToString(), other.ToString()));
    }

    // Random values nearly always differ in the first digit; here each digit decides once.
    [Test]
    public void Every_place_counts_in_the_order()
    {
        StorePathHash[] ascending =
        [
            default,
            .. Enumerable.Range(0, 32).Select(i => StorePathHash.Parse(new string('0', 31 - i) + "1" + new string('0', i))),
        ];

        Assert.That(ascending.Zip(ascending.Skip(1), (lower, higher) => lower.CompareTo(higher)), Is.All.Negative);
        Assert.That(ascending.Zip(ascending.Skip(1), (lower, higher) => higher.CompareTo(lower)), Is.All.Positive);
        Assert.That(ascending[^1].CompareTo(ascending[^1]), Is.Zero);
    }

    [FsCheck.NUnit.Property]
    public bool Bytes_come_back(Guid bytes, int rest)
    {
        StorePathHash hash = Make(bytes, rest);
        return StorePathHash.TryParse(hash.ToString(), out StorePathHash parsed) && parsed == hash;
    }

    [Test]
    public void Other_than_20_bytes_are_refused() => Assert.That(() => StorePathHash.FromBytes(new byte[19]), Throws.ArgumentException);

    private static StorePathHash Make(Guid bytes, int rest) =>
        StorePathHash.FromBytes([.. bytes.ToByteArray(), .. BitConverter.GetBytes(rest)]);
}
