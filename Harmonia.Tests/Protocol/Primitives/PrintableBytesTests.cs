using System.Text;
using Harmonia.Protocol.Primitives;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Primitives;

public sealed class PrintableBytesTests
{
    [TestCase("plain é 漢", "plain é 漢")]
    [TestCase("a\nb\u001b[31m\0", @"a\x0ab\x1b[31m\x00")]
    [TestCase(@"back\slash", @"back\\slash")]
    [TestCase("right\u202eleft", @"right\xe2\x80\xaeleft")]
    public void Text_is_shown_and_control_characters_are_not(string text, string shown) =>
        Assert.That(PrintableBytes.Of(Encoding.UTF8.GetBytes(text)), Is.EqualTo(shown));

    [Test]
    public void Bytes_that_are_not_text_are_shown_as_numbers() =>
        Assert.That(PrintableBytes.Of([0xff, (byte)'a', 0xc3, 0x28, 0xe2, 0x82]), Is.EqualTo(@"\xffa\xc3(\xe2\x82"));

    [Test]
    public void Long_bytes_lose_their_middle()
    {
        string text = PrintableBytes.Of([.. "begin"u8, .. new byte[100_000], .. "end"u8]);

        Assert.That(text, Does.StartWith("begin").And.Contains("…").And.EndsWith("end").And.Length.LessThan(5_000));
    }
}
