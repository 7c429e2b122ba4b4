using System.Text;
using Harmonia.Protocol.Primitives;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Primitives;

public sealed class StrictUtf8Tests
{
    [Test]
    public void Text_comes_back() => Assert.That(StrictUtf8.Encoding.GetString(StrictUtf8.Encoding.GetBytes("hé😀")), Is.EqualTo("hé😀"));

    [Test]
    public void Wrong_bytes_and_half_characters_are_refused()
    {
        Assert.That(() => StrictUtf8.Encoding.GetString([0xff]), Throws.TypeOf<DecoderFallbackException>());
        Assert.That(() => StrictUtf8.Encoding.GetString([0xc0, 0x80]), Throws.TypeOf<DecoderFallbackException>());
        Assert.That(() => StrictUtf8.Encoding.GetBytes("\ud83d"), Throws.TypeOf<EncoderFallbackException>());
    }

    [Test]
    public void There_is_no_byte_order_mark() => Assert.That(StrictUtf8.Encoding.Preamble.Length, Is.Zero);
}
