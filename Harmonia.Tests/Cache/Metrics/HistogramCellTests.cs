using FsCheck;
using FsCheck.Fluent;
using Harmonia.Cache.Metrics;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Metrics;

public sealed class HistogramCellTests
{
    private static readonly double[] Bounds = [0.0001, 0.001, 1];

    [TestCase(0, 0)]
    [TestCase(1_000, 0)]
    [TestCase(1_001, 1)]
    [TestCase(10_000_000, 2)]
    [TestCase(10_000_001, 3)]
    public void A_duration_counts_from_the_first_bucket_that_holds_it(long ticks, int bucket)
    {
        HistogramCell cell = new(Bounds);

        cell.Record(TimeSpan.FromTicks(ticks));

        Assert.That(cell.Cumulate(), Is.EqualTo(Enumerable.Range(0, 4).Select(index => index >= bucket ? 1L : 0L)));
    }

    [Test]
    public void Buckets_never_fall_and_the_last_counts_all() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<uint[]>(),
            ticks =>
            {
                HistogramCell cell = new(Bounds);
                foreach (uint duration in ticks)
                    cell.Record(TimeSpan.FromTicks(duration));
                long[] counts = cell.Cumulate();
                return counts.SequenceEqual(counts.Order()) && counts[^1] == ticks.Length && cell.Count == ticks.Length
                    && cell.Sum.Ticks == ticks.Sum(duration => (long)duration);
            }).QuickCheckThrowOnFailure();

    [Test]
    public void Nothing_is_lost_when_many_threads_record_and_one_reads()
    {
        HistogramCell cell = new(Bounds);
        Parallel.For(0, 40_000, index =>
        {
            cell.Record(TimeSpan.FromMilliseconds(index % 3));
            if (index % 1000 == 0)
                Assert.That(cell.Cumulate(), Is.Ordered);
        });

        Assert.That(cell.Count, Is.EqualTo(40_000));
    }
}
