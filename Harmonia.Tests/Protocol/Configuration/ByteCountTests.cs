using FsCheck;
using FsCheck.Fluent;
using Harmonia.Protocol.Configuration;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Configuration;

public sealed class ByteCountTests
{
    [TestCase("0 B", 0)]
    [TestCase("17 B", 17)]
    [TestCase("4 KiB", 4096)]
    [TestCase("32MiB", 33_554_432)]
    [TestCase("1 GiB", 1_073_741_824)]
    [TestCase("8388607 TiB", 9_223_370_937_343_148_032)]
    public void A_number_with_a_unit_is_read(string text, long expected)
    {
        Assert.That(ByteCount.TryParse(text, out long bytes), Is.True);
        Assert.That(bytes, Is.EqualTo(expected));
    }

    [TestCase("")]
    [TestCase("32")]
    [TestCase("MiB")]
    [TestCase("-1 MiB")]
    [TestCase("1.5 GiB")]
    [TestCase("1 MB")]
    [TestCase("1 mib")]
    [TestCase(" 1 MiB")]
    [TestCase("1 MiB ")]
    [TestCase("1,000 B")]
    [TestCase("8388608 TiB")]
    [TestCase("9223372036854775808 B")]
    public void Anything_else_is_not(string text)
    {
        Assert.That(ByteCount.TryParse(text, out long bytes), Is.False);
        Assert.That(bytes, Is.Zero);
    }

    [Test]
    public void Every_number_is_written_so_that_it_is_read_back() =>
        Prop.ForAll<NonNegativeInt, byte>((number, shift) =>
        {
            long bytes = (long)number.Get << (shift % 32);
            Assert.That(ByteCount.TryParse(ByteCount.Print(bytes), out long read), Is.True);
            Assert.That(read, Is.EqualTo(bytes));
        }).QuickCheckThrowOnFailure();

    [TestCase(33_554_432, ExpectedResult = "32 MiB")]
    [TestCase(33_554_433, ExpectedResult = "33554433 B")]
    [TestCase(0, ExpectedResult = "0 B")]
    public string The_largest_unit_that_is_exact_is_written(long bytes) => ByteCount.Print(bytes);
}
