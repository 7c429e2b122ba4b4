using System.Buffers.Binary;
using Harmonia.Cache.Limits;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Limits;

public sealed class RecordCacheTests
{
    private const int Seed = 20261201;
    private const int Large = 1000;

    [Test]
    public void A_record_is_read_back_with_its_stamp()
    {
        using RecordCache cache = new(1 << 20);
        cache.Set(FakeStore.Hash(1), [1, 2, 3], stamp: 7);
        cache.Set(FakeStore.Hash(2), [], stamp: 8);

        Assert.That(Read(cache, 1), Is.EqualTo((new byte[] { 1, 2, 3 }, 7UL)));
        Assert.That(Read(cache, 2), Is.EqualTo((Array.Empty<byte>(), 8UL)));
        Assert.That(Read(cache, 3).Record, Is.Null);
        Assert.That(cache.Count, Is.EqualTo(2));
    }

    [Test]
    public void A_record_that_does_not_fit_tells_its_length()
    {
        using RecordCache cache = new(1 << 20);
        cache.Set(FakeStore.Hash(1), [1, 2, 3], stamp: 7);
        byte[] destination = new byte[2];

        Assert.That(cache.Read(FakeStore.Hash(1), destination, out _), Is.EqualTo(3));
        Assert.That(destination, Is.EqualTo(new byte[2]));
    }

    [Test]
    public void A_record_is_replaced_and_removed()
    {
        using RecordCache cache = new(1 << 20);
        cache.Set(FakeStore.Hash(1), [1, 2, 3], stamp: 7);

        cache.Set(FakeStore.Hash(1), [4, 5, 6], stamp: 8);
        Assert.That(Read(cache, 1), Is.EqualTo((new byte[] { 4, 5, 6 }, 8UL)));
        cache.Set(FakeStore.Hash(1), [7, 8, 9, 10, 11], stamp: 9);
        Assert.That(Read(cache, 1), Is.EqualTo((new byte[] { 7, 8, 9, 10, 11 }, 9UL)));

        cache.Remove(FakeStore.Hash(1));
        Assert.That(Read(cache, 1).Record, Is.Null);
        Assert.That(cache.Count, Is.Zero);
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(100_000)]
    [TestCase(1 << 20)]
    [TestCase(3 << 20)]
    public void It_never_takes_more_than_its_capacity(long capacity)
    {
        using RecordCache cache = new(capacity);
        for (int i = 0; i < 20_000; i++)
        {
            cache.Set(FakeStore.Hash(i), new byte[i % Large], stamp: 0);
            if (i % 100 == 0)
                Assert.That(cache.Bytes, Is.AtMost(capacity));
        }

        Assert.That(cache.Bytes, Is.AtMost(capacity));
    }

    [Test]
    public void What_is_used_between_two_rounds_is_not_evicted_by_what_is_never_used_again()
    {
        using RecordCache cache = new(2 << 20);
        for (int i = 0; i < 500; i++)
            cache.Set(FakeStore.Hash(i), Record(i, 200), stamp: 0);

        // Ten times the capacity, as a client does that reads everything.
        for (int i = 1000; i < 100_000; i++)
        {
            cache.Set(FakeStore.Hash(i), Record(i, 200), stamp: 0);
            Read(cache, i % 500);
        }

        Assert.That(Enumerable.Range(0, 500).Where(i => Read(cache, i).Record is null), Is.Empty);
        Assert.That(cache.Evictions, Is.GreaterThan(50_000));
    }

    [Test]
    public void Where_everything_is_used_the_oldest_goes()
    {
        using RecordCache cache = new(2 << 20);
        for (int i = 0; i < 50_000; i++)
        {
            cache.Set(FakeStore.Hash(i), Record(i, 200), stamp: 0);
            Read(cache, i);
            Assert.That(cache.Bytes, Is.AtMost(2 << 20));
        }

        Assert.That(Read(cache, 49_999).Record, Is.EqualTo(Record(49_999, 200)));
        Assert.That(cache.Count, Is.GreaterThan(3_000));
    }

    [Test]
    public void Shrinking_keeps_what_was_used_last()
    {
        using RecordCache cache = new(4 << 20);
        for (int i = 0; i < 10_000; i++)
            cache.Set(FakeStore.Hash(i), Record(i, 200), stamp: 0);
        for (int i = 0; i < 100; i++)
            Read(cache, i);

        cache.Shrink();

        Assert.That(cache.Bytes, Is.AtMost(3 << 19));
        Assert.That(Enumerable.Range(0, 100).Where(i => Read(cache, i).Record is null), Is.Empty);
    }

    [Test]
    public void Any_history_of_changes_leaves_what_was_set_last()
    {
        Random random = new(Seed);
        using RecordCache cache = new(1 << 20);
        Dictionary<int, (byte[] Record, ulong Stamp)> model = [];
        for (int step = 0; step < 200_000; step++)
        {
            int key = random.Next(5_000);
            switch (random.Next(10))
            {
                case 0:
                    cache.Remove(FakeStore.Hash(key));
                    model.Remove(key);
                    break;
                case 1 or 2 or 3 or 4:
                    byte[] record = Record(step, random.Next(Large));
                    cache.Set(FakeStore.Hash(key), record, (ulong)step);
                    model[key] = (record, (ulong)step);
                    break;
                default:
                    (byte[]? found, ulong stamp) = Read(cache, key);
                    if (found is not null)
                        Assert.That((found, stamp), Is.EqualTo(model[key]));
                    break;
            }

            if (step % 20_000 == 0)
                cache.Shrink();
        }

        Assert.That(cache.Evictions, Is.Positive);
        Assert.That(cache.Count, Is.Positive.And.AtMost(model.Count));
    }

    [Test]
    public async Task Whoever_reads_meanwhile_gets_whole_records()
    {
        const int Enough = 20_000;
        using RecordCache cache = new(1 << 20);
        for (int key = 0; key < 3_000; key++)
            cache.Set(FakeStore.Hash(key), Filled(1 + key % 250), stamp: 0);
        using CancellationTokenSource read = new();
        Task writer = Task.Run(() =>
        {
            Random random = new(Seed);
            for (ulong step = 0; !read.IsCancellationRequested; step++)
                cache.Set(FakeStore.Hash(random.Next(3_000)), Filled(random.Next(1, 250)), step);
        });
        Task[] readers = [.. Enumerable.Range(0, 3).Select(reader => Task.Run(() =>
        {
            Random random = new(reader);
            byte[] record = new byte[Large];
            for (int found = 0; found < Enough;)
            {
                int length = cache.Read(FakeStore.Hash(random.Next(3_000)), record, out _);
                if (length < 0)
                    continue;
                found++;
                Assert.That(record.AsSpan(0, length).ContainsAnyExcept((byte)length), Is.False);
            }
        }))];

        await Task.WhenAll(readers).InTime();
        await read.CancelAsync();
        await writer.InTime();
    }

    private static byte[] Record(int number, int length)
    {
        byte[] record = new byte[length + sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(record, number);
        return record;
    }

    private static byte[] Filled(int length)
    {
        byte[] record = new byte[length];
        record.AsSpan().Fill((byte)length);
        return record;
    }

    private static (byte[]? Record, ulong Stamp) Read(RecordCache cache, int key)
    {
        byte[] record = new byte[2 * Large];
        int length = cache.Read(FakeStore.Hash(key), record, out ulong stamp);
        return length < 0 ? (null, 0) : (record[..length], stamp);
    }
}
