using Harmonia.Cache.Http;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Http;

public sealed class RepresentationTests
{
    [TestCase(BodyKind.Nar, null, ContentCoding.Zstd)]
    [TestCase(BodyKind.Text, null, ContentCodings.All)]
    [TestCase(BodyKind.Text, 1024L, ContentCodings.All)]
    [TestCase(BodyKind.Text, 1023L, ContentCoding.Identity)]
    [TestCase(BodyKind.Opaque, null, ContentCoding.Identity)]
    public void Only_nars_that_are_to_be_compressed_and_text_of_a_kibibyte_are_offered_in_a_coding(BodyKind kind, long? size, ContentCoding offered) =>
        Assert.That(new Representation { ContentType = "text/plain", Kind = kind, Size = size }.Offered, Is.EqualTo(offered));
}
