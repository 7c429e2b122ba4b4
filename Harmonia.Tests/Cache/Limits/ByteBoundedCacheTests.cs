using FsCheck;
using FsCheck.Fluent;
using Harmonia.Cache.Limits;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Limits;

public sealed class ByteBoundedCacheTests
{
    private const int Overhead = ByteBoundedCache<int, string>.EntryOverhead;

    [Test]
    public void What_was_put_in_is_found_and_what_was_not_is_not()
    {
        ByteBoundedCache<int, string> cache = new(1000);

        cache.Set(1, "one", 10);

        Assert.That(cache.TryGet(1, out string? value) ? value : null, Is.EqualTo("one"));
        Assert.That(cache.TryGet(2, out _), Is.False);
        Assert.That(cache.Bytes, Is.EqualTo(10 + Overhead));
    }

    [Test]
    public void A_new_value_takes_the_place_of_the_old_one()
    {
        ByteBoundedCache<int, string> cache = new(1000);
        cache.Set(1, "one", 300);

        cache.Set(1, "uno", 20);

        Assert.That(cache.TryGet(1, out string? value) ? value : null, Is.EqualTo("uno"));
        Assert.That((cache.Bytes, cache.Count, cache.Evictions), Is.EqualTo((20 + Overhead, 1, 0)));
    }

    [Test]
    public void What_is_added_to_a_full_cache_evicts_nothing_and_replaces_nothing()
    {
        ByteBoundedCache<int, string> cache = new(2 * (Overhead + 10));

        Assert.That(cache.TryAdd(1, "one", 10));
        Assert.That(cache.TryAdd(1, "uno", 10), Is.False);
        Assert.That(cache.TryAdd(2, "two", 11), Is.False);
        Assert.That(cache.TryAdd(2, "two", 10));
        Assert.That(cache.TryAdd(3, "three", 10), Is.False);

        Assert.That(cache.TryGet(1, out string? value) ? value : null, Is.EqualTo("one"));
        Assert.That((cache.Bytes, cache.Count, cache.Evictions), Is.EqualTo((2 * (Overhead + 10), 2, 0)));
    }

    [Test]
    public void Shrinking_leaves_a_quarter_of_the_capacity_and_the_entries_in_use()
    {
        ByteBoundedCache<int, string> cache = new(40 * (Overhead + 10));
        for (int i = 0; i < 40; i++)
        {
            cache.Set(i, "value", 10);
        }

        Assert.That(cache.TryGet(3, out _));
        cache.Shrink();

        Assert.That((cache.Count, cache.Bytes), Is.EqualTo((10, 10 * (Overhead + 10))));
        Assert.That(cache.TryGet(3, out _));
        Assert.That(cache.TryGet(4, out _), Is.False);
    }

    [Test]
    public void A_value_larger_than_the_cache_is_not_kept_and_the_old_one_is_removed()
    {
        ByteBoundedCache<int, string> cache = new(1000);
        cache.Set(1, "one", 10);

        cache.Set(1, "large", 1001 - Overhead);

        Assert.That(cache.TryGet(1, out _), Is.False);
        Assert.That((cache.Bytes, cache.Count), Is.EqualTo((0L, 0)));
    }

    [Test]
    public void A_value_as_large_as_everything_is_kept()
    {
        ByteBoundedCache<int, string> cache = new(1000);

        cache.Set(1, "one", 1000 - Overhead);

        Assert.That(cache.TryGet(1, out _), Is.True);
    }

    [Test]
    public void Without_capacity_nothing_is_kept()
    {
        ByteBoundedCache<int, string> cache = new(0);

        cache.Set(1, "one", 0);

        Assert.That(cache.TryGet(1, out _), Is.False);
    }

    [Test]
    public void The_oldest_unused_entry_is_evicted_first()
    {
        ByteBoundedCache<int, string> cache = new(3 * Overhead);
        cache.Set(1, "one", 0);
        cache.Set(2, "two", 0);
        cache.Set(3, "three", 0);
        cache.TryGet(1, out _);

        cache.Set(4, "four", 0);

        Assert.That(Kept(cache, 5), Is.EqualTo([1, 3, 4]));
        Assert.That(cache.Evictions, Is.EqualTo(1));
    }

    [Test]
    public void Unused_values_do_not_evict_one_in_use()
    {
        ByteBoundedCache<int, string> cache = new(10 * Overhead);
        cache.Set(0, "asked for", 0);

        for (int i = 1; i < 1000; i++)
        {
            cache.Set(i, "flood", 0);
            Assert.That(cache.TryGet(0, out _), Is.True);
        }

        Assert.That(cache.Count, Is.EqualTo(10));
    }

    [Test]
    public void A_value_that_has_grown_is_counted_again_and_others_are_evicted()
    {
        ByteBoundedCache<int, string> cache = new(2 * Overhead + 100);
        cache.Set(1, "one", 0);
        cache.Set(2, "two", 10);
        cache.TryGet(2, out string? two);

        cache.Resize(2, two!, 100);
        Assert.That((cache.Bytes, cache.Count), Is.EqualTo((2L * Overhead + 100, 2)));
        cache.Resize(2, two!, 101);

        Assert.That(Kept(cache, 3), Is.EqualTo([2]));
        Assert.That(cache.Bytes, Is.EqualTo(Overhead + 101));
    }

    [Test]
    public void A_value_that_was_removed_is_not_counted_again()
    {
        ByteBoundedCache<int, string> cache = new(1000);
        cache.Set(1, "one", 10);
        cache.TryGet(1, out string? before);
        cache.Set(1, "uno", 20);

        cache.Resize(1, before!, 500);
        cache.Resize(2, before!, 500);

        Assert.That(Kept(cache, 3), Is.EqualTo([1]));
        Assert.That(cache.Bytes, Is.EqualTo(Overhead + 20));
    }

    [Test]
    public void Removing_an_entry_frees_its_bytes()
    {
        ByteBoundedCache<int, string> cache = new(1000);
        cache.Set(1, "one", 10);

        Assert.That(cache.Remove(1), Is.True);
        Assert.That(cache.Remove(1), Is.False);
        Assert.That(cache.TryGet(1, out _), Is.False);
        Assert.That(cache.Bytes, Is.Zero);
    }

    [Test]
    public void Whatever_is_done_the_bytes_are_those_of_the_values_and_never_too_many() =>
        Prop.ForAll<(byte Key, ushort Bytes, bool Ask)[]>(steps =>
        {
            const long Capacity = 20 * Overhead;
            ByteBoundedCache<int, string> cache = new(Capacity);
            Dictionary<int, long> last = [];
            foreach ((byte key, ushort bytes, bool ask) in steps)
            {
                if (ask)
                {
                    cache.TryGet(key, out _);
                    continue;
                }

                cache.Set(key, $"{bytes}", bytes);
                last[key] = bytes;
                long kept = last.Where(pair => cache.TryGet(pair.Key, out _)).Sum(pair => pair.Value + Overhead);
                Assert.That(cache.Bytes, Is.EqualTo(kept).And.AtMost(Capacity));
            }

            foreach ((int key, long bytes) in last)
            {
                if (cache.TryGet(key, out string? value))
                    Assert.That(value, Is.EqualTo($"{bytes}"));
            }
        }).QuickCheckThrowOnFailure();

    [Test]
    public void Many_threads_leave_it_in_order()
    {
        ByteBoundedCache<int, string> cache = new(50 * Overhead);

        Parallel.For(0, 8, thread =>
        {
            Random random = new(thread);
            for (int i = 0; i < 5000; i++)
            {
                int key = random.Next(100);
                if (random.Next(3) == 0)
                    cache.Set(key, $"{key}", random.Next(300));
                else if (random.Next(10) == 0)
                    cache.Remove(key);
                else if (cache.TryGet(key, out string? value))
                    Assert.That(value, Is.EqualTo($"{key}"));
            }
        });

        Assert.That(cache.Bytes, Is.InRange(0, 50 * Overhead));
        foreach (int key in Kept(cache, 100))
            cache.Remove(key);
        Assert.That((cache.Bytes, cache.Count), Is.EqualTo((0L, 0)));
    }

    private static IEnumerable<int> Kept(ByteBoundedCache<int, string> cache, int keys) =>
        [.. Enumerable.Range(0, keys).Where(key => cache.TryGet(key, out _))];
}
