using Harmonia.Daemon.Commands.Garbage;
using NUnit.Framework;

namespace Harmonia.Tests.Daemon.Commands.Garbage;

public sealed class FreeSpaceTests
{
    private const long Disk = 1000L << 30;

    [TestCase("50G", 50L << 30)]
    [TestCase("50 GiB", 50L << 30)]
    [TestCase("1T", 1L << 40)]
    [TestCase("512K", 512L << 10)]
    [TestCase("800 MiB", 800L << 20)]
    [TestCase("4096", 4096)]
    [TestCase("20%", 200L << 30)]
    [TestCase("1 %", 10L << 30)]
    public void Sizes_and_shares_are_bytes_of_a_disk(string text, long bytes)
    {
        Assert.That(FreeSpace.TryParse(text, out FreeSpace space), Is.True);
        Assert.That(space.In(Disk), Is.EqualTo(bytes));
    }

    [Test]
    public void A_share_of_the_largest_disk_does_not_overflow()
    {
        Assert.That(FreeSpace.TryParse("99%", out FreeSpace space), Is.True);
        Assert.That(space.In(long.MaxValue), Is.GreaterThan(long.MaxValue / 100 * 98));
    }

    [TestCase("0")]
    [TestCase("0%")]
    [TestCase("100%")]
    [TestCase("-5G")]
    [TestCase("50GB")]
    [TestCase("50g")]
    [TestCase("G")]
    [TestCase("%")]
    [TestCase("")]
    [TestCase("1.5G")]
    [TestCase("99999999999T")]
    public void Everything_else_is_none(string text) => Assert.That(FreeSpace.TryParse(text, out _), Is.False);
}
