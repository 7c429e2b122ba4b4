using Harmonia.Daemon.Commands.Garbage;
using NUnit.Framework;

namespace Harmonia.Tests.Daemon.Commands.Garbage;

public sealed class AgeTests
{
    [TestCase("0d", 0)]
    [TestCase("90s", 90)]
    [TestCase("5min", 300)]
    [TestCase("2h", 7200)]
    [TestCase("30d", 30 * 86400)]
    [TestCase("30 d", 30 * 86400)]
    [TestCase("2w", 14 * 86400)]
    public void A_number_and_a_unit_is_an_age(string text, int seconds)
    {
        Assert.That(Age.TryParse(text, out Age age), Is.True);
        Assert.That(age.Span, Is.EqualTo(TimeSpan.FromSeconds(seconds)));
    }

    // A month and a minute are too different to guess.
    [TestCase("30m")]
    [TestCase("30")]
    [TestCase("d")]
    [TestCase("-1d")]
    [TestCase("1.5d")]
    [TestCase("1d2h")]
    [TestCase("")]
    [TestCase("36501d")]
    [TestCase("99999999999999999999d")]
    [TestCase("9223372036854775807w")]
    public void Everything_else_is_none(string text) => Assert.That(Age.TryParse(text, out _), Is.False);
}
