using Harmonia.Cache.Limits;
using Harmonia.Protocol.Store;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Limits;

public sealed class HashPartFilterTests
{
    private const int Count = 20_000;

    [TestCase(1L << 30)]
    [TestCase(16L << 10)]
    public void What_was_added_is_never_denied(long capacity)
    {
        HashPartFilter filter = new(Count, capacity);
        StorePathHash[] added = HashParts(seed: 1);

        Parallel.ForEach(added, filter.Add);

        Assert.That(added.Where(hash => !filter.MayHave(hash)), Is.Empty);
    }

    [Test]
    public void Few_others_pass()
    {
        HashPartFilter filter = new(Count, 1L << 30);
        foreach (StorePathHash hash in HashParts(seed: 1))
            filter.Add(hash);

        // 50 of 20,000 are expected.
        Assert.That(HashParts(seed: 2).Count(filter.MayHave), Is.InRange(5, 120));
    }

    [Test]
    public void It_takes_no_more_than_it_may_and_no_more_than_it_needs()
    {
        Assert.That(new HashPartFilter(Count, 1L << 30).Bytes, Is.EqualTo(2 * Count));
        Assert.That(new HashPartFilter(Count, 16L << 10).Bytes, Is.EqualTo(16L << 10));
        Assert.That(new HashPartFilter(0, 1L << 30).Bytes, Is.LessThan(1024));
    }

    private static StorePathHash[] HashParts(int seed)
    {
        Random random = new(seed);
        byte[] bytes = new byte[StorePathHash.ByteLength];
        StorePathHash[] hashes = new StorePathHash[Count];
        for (int i = 0; i < Count; i++)
        {
            random.NextBytes(bytes);
            hashes[i] = StorePathHash.FromBytes(bytes);
        }

        return hashes;
    }
}
