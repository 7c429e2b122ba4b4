using Harmonia.Cache.Sending;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Sending;

public sealed class LongDistanceWindowsTests
{
    private const long MiB = 1024 * 1024;

    [Test]
    public void Each_window_takes_no_more_than_half_of_what_is_left()
    {
        LongDistanceWindows windows = new(maxLarge: 0, memory: 96 * MiB);

        int[] logs = [.. Enumerable.Range(0, 20).Select(_ => windows.TryTake(25, size: null)?.Log ?? 0)];

        Assert.That(logs[..6], Is.EqualTo(new[] { 25, 24, 24, 23, 23, 22 }));
        Assert.That(logs[6..], Is.All.Zero);
    }

    [Test]
    public void What_is_given_back_is_there_for_the_next()
    {
        LongDistanceWindows windows = new(maxLarge: 1, memory: 96 * MiB);
        for (int i = 0; i < 100; i++)
        {
            LongDistanceWindow window = windows.TryTake(25, size: null)!.Value;
            Assert.That(windows.TryTake(25, size: null), Is.Null, "There is one place.");
            Assert.That(window.Log, Is.EqualTo(25));
            windows.Return(window);
        }
    }

    [TestCase(4 * MiB, 22)]
    [TestCase(4 * MiB + 1, 23)]
    [TestCase(MiB, 20)]
    [TestCase(1, 10)]
    [TestCase(0, 10)]
    public void No_window_is_larger_than_the_body_needs(long size, int log)
    {
        LongDistanceWindows windows = new(maxLarge: 0, memory: 96 * MiB);

        Assert.That(windows.TryTake(25, size)!.Value.Log, Is.EqualTo(log));
    }

    [Test]
    public void Small_bodies_take_no_place_but_memory()
    {
        LongDistanceWindows windows = new(maxLarge: 1, memory: 4 * MiB);

        Assert.That(windows.TryTake(20, size: null), Is.Not.Null);
        Assert.That(windows.TryTake(25, MiB), Is.Not.Null);
        Assert.That(windows.TryTake(25, 2 * MiB), Is.Null);
    }

    [Test]
    public void Without_bounds_all_get_what_is_configured()
    {
        LongDistanceWindows windows = new(maxLarge: 0, memory: 0);

        Assert.That(Enumerable.Range(0, 100).Select(_ => windows.TryTake(31, size: null)?.Log), Is.All.EqualTo(31));
    }
}
