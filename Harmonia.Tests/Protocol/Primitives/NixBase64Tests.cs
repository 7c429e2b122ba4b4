using Harmonia.Protocol.Primitives;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Primitives;

public sealed class NixBase64Tests
{
    [FsCheck.NUnit.Property]
    public bool Every_byte_string_comes_back_with_and_without_padding(byte[] bytes)
    {
        string text = Convert.ToBase64String(bytes);
        return Decode(text, bytes.Length).SequenceEqual(bytes) && Decode(text.TrimEnd('='), bytes.Length).SequenceEqual(bytes);
    }

    [TestCase("QQ=", 1, Description = "half the padding")]
    [TestCase("QR==", 1, Description = "a bit beyond the last byte")]
    [TestCase("Q\nQ\n=\n=\n", 1, Description = "line feeds")]
    public void What_Nix_takes_is_taken(string text, int length) => Assert.That(Decode(text, length), Is.EqualTo("A"u8.ToArray()));

    [TestCase("", 1, Description = "nothing")]
    [TestCase("Q", 1, Description = "too few digits for a byte")]
    [TestCase("QQ==", 2, Description = "too few bytes")]
    [TestCase("QUJD", 2, Description = "too many bytes")]
    [TestCase("QUI==", 2, Description = "too much padding")]
    [TestCase("QUJD=", 3, Description = "padding where none is due")]
    [TestCase("QU J", 3, Description = "a blank")]
    [TestCase("QUI\r\n", 2, Description = "a carriage return")]
    [TestCase("Q-_D", 3, Description = "the alphabet of URLs")]
    [TestCase("QUÑD", 3, Description = "not ASCII")]
    [TestCase("QQ==QQ==", 2, Description = "padding in the middle")]
    [TestCase("QQ==x", 1, Description = "text behind the padding")]
    public void Any_other_spelling_is_refused(string text, int length) =>
        Assert.That(NixBase64.TryDecode(text, new byte[length]), Is.False);

    private static byte[] Decode(string text, int length)
    {
        byte[] bytes = new byte[length];
        return NixBase64.TryDecode(text, bytes) ? bytes : throw new FormatException(text);
    }
}
