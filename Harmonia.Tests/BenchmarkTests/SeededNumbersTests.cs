using Harmonia.Benchmarks.Servers.Store;
using NUnit.Framework;

namespace Harmonia.Tests.BenchmarkTests;

public sealed class SeededNumbersTests
{
    // The first numbers of the original program for the state 0.
    [Test]
    public void Numbers_are_those_of_SplitMix64()
    {
        SeededNumbers numbers = default;

        Assert.That(numbers.Next(), Is.EqualTo(0xe220a8397b1dcdafUL));
        Assert.That(numbers.Next(), Is.EqualTo(0x6e789e6aa1b965f4UL));
        Assert.That(numbers.Next(), Is.EqualTo(0x06c45d188009454fUL));
    }

    [Test]
    public void Numbers_below_a_bound_are_spread_evenly()
    {
        SeededNumbers numbers = new('t', 1);
        int[] counts = new int[7];
        for (int n = 0; n < 70_000; n++)
            counts[numbers.Below(counts.Length)]++;

        Assert.That(counts, Is.All.InRange(9500, 10_500));
    }

    [Test]
    public void Bytes_fill_any_length()
    {
        SeededNumbers numbers = new('t', 1);
        SeededNumbers same = new('t', 1);
        byte[] bytes = new byte[13];
        numbers.Fill(bytes);

        Assert.That(BitConverter.ToUInt64(bytes), Is.EqualTo(same.Next()));
        Assert.That(bytes[8..], Is.EqualTo(BitConverter.GetBytes(same.Next())[..5]));
    }

    [Test]
    public void Shuffled_items_are_the_same_in_another_order()
    {
        int[] items = [.. Enumerable.Range(0, 1000)];
        int[] others = [.. items];
        SeededNumbers.Shuffle(items, 1);
        SeededNumbers.Shuffle(others, 2);

        Assert.That(items, Is.EquivalentTo(others).And.Not.EqualTo(others));
        Assert.That(items, Is.Not.Ordered);
    }
}
