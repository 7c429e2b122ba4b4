using System.Text;
using Harmonia.Cache.Http;
using Harmonia.Cache.Sending;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Sending;

/// <summary>A head of a template has the bytes that <see cref="ResponseHead"/> writes.</summary>
public sealed class ResponseTemplateTests
{
    private static readonly Representation Shared = new() { ContentType = ContentTypes.NarInfo, CacheControl = CachePolicy.NarInfo };
    private static readonly ResponseTemplate Template = new(Shared, "Nix-Link");

    [TestCase(0, "")]
    [TestCase(7, "nar/a.nar")]
    [TestCase(999, "nar/a.nar.zst")]
    [TestCase(4095, "x")]
    [TestCase(int.MaxValue, "nar/0000000000000000000000000000000000000000000000000000.nar")]
    public void It_fills_in_what_differs(int length, string link)
    {
        byte[] digest = [.. Enumerable.Range(0, EntityTag.DigestLength).Select(i => (byte)(i * 13))];
        ResponseHead expected = HeadOf(length, digest, link);

        byte[] bytes = Template.Fill(length, digest, Encoding.ASCII.GetBytes(link), out int connectionAt, out int dateAt, out int idAt);

        byte[] expectedBytes = expected.ToBytes(out int expectedConnectionAt, out int expectedDateAt, out int expectedIdAt);
        Assert.That(Encoding.ASCII.GetString(bytes), Is.EqualTo(Encoding.ASCII.GetString(expectedBytes)));
        Assert.That((connectionAt, dateAt, idAt), Is.EqualTo((expectedConnectionAt, expectedDateAt, expectedIdAt)));
    }

    [TestCase(0, "")]
    [TestCase(12345, "nar/a.nar")]
    public void It_reads_the_head_back_for_Kestrel(int length, string link)
    {
        byte[] digest = [.. Enumerable.Range(100, EntityTag.DigestLength).Select(i => (byte)i)];
        byte[] bytes = Template.Fill(length, digest, Encoding.ASCII.GetBytes(link), out int connectionAt, out _, out _);

        ResponseHead head = Template.Read(bytes, connectionAt, length);

        ResponseHead expected = HeadOf(length, digest, link);
        Assert.That(head.Others, Is.EqualTo(expected.Others));
        Assert.That(head with { Others = null }, Is.EqualTo(expected with { Others = null }));
    }

    [Test]
    public void Filling_one_in_leaves_the_template_as_it_was()
    {
        byte[] first = Template.Fill(10, new byte[EntityTag.DigestLength], "a"u8, out _, out _, out _);
        Template.Fill(123, [.. Enumerable.Repeat((byte)255, EntityTag.DigestLength)], "another"u8, out _, out _, out _);

        Assert.That(Template.Fill(10, new byte[EntityTag.DigestLength], "a"u8, out _, out _, out _), Is.EqualTo(first));
    }

    private static ResponseHead HeadOf(int length, byte[] digest, string link) => ResponseHead.Of(Selection.Of(
        new SelectingHeaders { IsGet = true },
        Shared with { Size = length, Tag = EntityTag.OfDigest(digest), Others = [new HeaderLine("Nix-Link", link)] }));
}
