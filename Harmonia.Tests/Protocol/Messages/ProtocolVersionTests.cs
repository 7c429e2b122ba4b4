using Harmonia.Protocol.Messages;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Messages;

public sealed class ProtocolVersionTests
{
    [TestCase(0x126u, "1.38")]
    [TestCase(0x10au, "1.10")]
    [TestCase(0x2ffu, "2.255")]
    public void Version_is_major_times_256_and_minor(uint wire, string text)
    {
        ProtocolVersion version = ProtocolVersion.FromWire(wire);

        Assert.That(version.ToString(), Is.EqualTo(text));
        Assert.That(version.ToWire(), Is.EqualTo(wire));
    }

    [Test]
    public void Higher_bits_do_not_count() =>
        Assert.That(ProtocolVersion.FromWire(0xabcd_0126), Is.EqualTo(ProtocolVersion.Current));

    [Test]
    public void Versions_are_ordered()
    {
        ProtocolVersion[] ascending = [new(0, 99), new(1, 18), new(1, 38), new(2, 0)];

        Assert.That(ascending, Is.Ordered);
        Assert.That(ProtocolVersion.Min(ascending[1], ascending[2]), Is.EqualTo(ascending[1]));
        Assert.That(ProtocolVersion.Min(ascending[3], ascending[2]), Is.EqualTo(ascending[2]));
    }

    [Test]
    public void Later_versions_have_what_earlier_ones_have()
    {
        ProtocolVersion version = new(1, 26);

        Assert.That(version.IsAtLeast(25), Is.True);
        Assert.That(version.IsAtLeast(26), Is.True);
        Assert.That(version.IsAtLeast(27), Is.False);
    }

    [Test]
    public void Features_are_those_of_both()
    {
        FeatureSet client = new(["xyzzy", "mies", "aap", "bar", "bar"]);
        FeatureSet server = new(["foo", "bar", "xyzzy"]);

        Assert.That(client.Names, Is.EqualTo(["aap", "bar", "mies", "xyzzy"]));
        Assert.That(client.Intersect(server).Names, Is.EqualTo(["bar", "xyzzy"]));
        Assert.That(client.Intersect(server).ToString(), Is.EqualTo("bar, xyzzy"));
        Assert.That(client.Contains("aap"), Is.True);
        Assert.That(client.Contains("foo"), Is.False);
    }
}
