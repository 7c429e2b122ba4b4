using Harmonia.Protocol.Primitives;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Primitives;

public sealed class StrictBase64Tests
{
    [FsCheck.NUnit.Property]
    public bool Every_byte_string_comes_back(byte[] bytes)
    {
        byte[] decoded = new byte[bytes.Length];
        return StrictBase64.TryDecode(Convert.ToBase64String(bytes), decoded) && decoded.AsSpan().SequenceEqual(bytes);
    }

    [TestCase("QQ", 1, Description = "no padding")]
    [TestCase("QQ=", 1, Description = "half the padding")]
    [TestCase("QR==", 1, Description = "a bit beyond the last byte")]
    [TestCase("QUJ=", 2, Description = "a bit beyond the last byte")]
    [TestCase("QQ==", 2, Description = "too few bytes")]
    [TestCase("QUJD", 2, Description = "too many bytes")]
    [TestCase("QU J", 3, Description = "a blank")]
    [TestCase("QUI\n", 2, Description = "a line end")]
    [TestCase("QUJDQUJDQUJDQUJDQUJD    ", 16, Description = "blanks that hide an excess")]
    [TestCase("Q-_D", 3, Description = "the alphabet of URLs")]
    [TestCase("QQ==QQ==", 4, Description = "padding in the middle")]
    public void Any_other_spelling_is_refused(string text, int length) =>
        Assert.That(StrictBase64.TryDecode(text, new byte[length]), Is.False);
}
