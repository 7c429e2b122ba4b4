using System.Text;
using Harmonia.Cache.Http;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Http;

public sealed class TextBytesTests
{
    [TestCase("")]
    [TestCase("#!/bin/sh\n\techo \"ü 🦄\"\r\n\f")]
    [TestCase("\u001b[31mred\u001b[0m")]
    [TestCase("\ufeffwith a mark")]
    public void Text_is_text_wherever_its_beginning_ends(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);

        for (int length = 0; length <= bytes.Length; length++)
            Assert.That(TextBytes.IsText(bytes.AsSpan(0, length)), $"{length} bytes");
    }

    [TestCase(new byte[] { 0 })]
    [TestCase(new byte[] { (byte)'a', 1 })]
    [TestCase(new byte[] { 0x7f, (byte)'E', (byte)'L', (byte)'F', 2 })]
    [TestCase(new byte[] { (byte)'a', 0xff, (byte)'b' })]
    [TestCase(new byte[] { 0xe4, (byte)' ' })]
    [TestCase(new byte[] { (byte)'%', (byte)'P', (byte)'D', (byte)'F', (byte)'-', (byte)'1' })]
    [TestCase(new byte[] { 0xff, 0xfe, (byte)'a', 0 })]
    public void Other_bytes_are_not(byte[] bytes) => Assert.That(TextBytes.IsText(bytes), Is.False);
}
