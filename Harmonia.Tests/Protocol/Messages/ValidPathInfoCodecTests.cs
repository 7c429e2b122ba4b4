using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Messages;

public sealed class ValidPathInfoCodecTests
{
    private static readonly ValidPathInfo Info = new()
    {
        Path = Samples.PathOf(Samples.A),
        Info = new UnkeyedValidPathInfo
        {
            Deriver = Samples.PathOf(Samples.Drv),
            NarHash = NarHash.Parse(Samples.Hash),
            References = [Samples.PathOf(Samples.A), Samples.PathOf(Samples.B)],
            RegistrationTime = 23423,
            NarSize = 34878,
            Ultimate = true,
            Signatures = ["key-1:a", "key-2:b"],
            ContentAddress = ContentAddress.Parse(Samples.Address),
        },
    };

    private static byte[] Before116 =>
        new WireBytes().Text(Samples.A, Samples.Drv, Samples.Hash).U64(2).Text(Samples.A, Samples.B).U64(23423, 34878).ToArray();

    private static byte[] Since116 =>
        new WireBytes().Raw(Before116).U64(1, 2).Text("key-1:a", "key-2:b", Samples.Address).ToArray();

    [Test]
    public async Task Fields_stand_in_Nix_order()
    {
        Assert.That(Codec.Write(w => ValidPathInfoCodec.Write(w, Contexts.At(16), Info)), Is.EqualTo(Since116));
        Assert.That(await Codec.ReadAsync(Since116, r => ValidPathInfoCodec.ReadAsync(r, Contexts.At(16), default)), Is.EqualTo(Info));
    }

    [Test]
    public async Task Before_116_there_are_no_signatures()
    {
        ValidPathInfo plain = Info with { Info = Info.Info with { Ultimate = false, Signatures = [], ContentAddress = null } };

        Assert.That(Codec.Write(w => ValidPathInfoCodec.Write(w, Contexts.At(15), Info)), Is.EqualTo(Before116));
        Assert.That(await Codec.ReadAsync(Before116, r => ValidPathInfoCodec.ReadAsync(r, Contexts.At(15), default)), Is.EqualTo(plain));
    }

    [Test]
    public void AddMultipleToStore_has_the_layout_of_116_in_every_version()
    {
        MessageContext context = Contexts.At(38, ProtocolFeatures.RealisationWithPathNotHash).InsideAddMultipleToStore;

        Assert.That(context.Version, Is.EqualTo(new ProtocolVersion(1, 16)));
        Assert.That(context.RealisationWithPathNotHash, Is.False);
        Assert.That(context.StoreDirectory, Is.EqualTo(StoreDirectory.Default));
    }

    [TestCase($"sha256:{Samples.Hash}")]
    [TestCase("0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73")]
    [TestCase("sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")]
    public async Task Hash_is_read_in_any_spelling_and_written_in_base_16(string spelling)
    {
        byte[] bytes = new WireBytes().Text(spelling).ToArray();

        NarHash hash = await Codec.ReadAsync(bytes, r => NarHashCodec.ReadAsync(r, default));

        Assert.That(Codec.Write(w => NarHashCodec.Write(w, hash)), Is.EqualTo(new WireBytes().Text(Samples.Hash).ToArray()));
    }

    [TestCase("")]
    [TestCase("sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709")]
    public void Anything_but_a_sha256_hash_is_refused(string text) => Assert.That(
        async () => await Codec.ReadAsync(new WireBytes().Text(text).ToArray(), r => NarHashCodec.ReadAsync(r, default)),
        Throws.TypeOf<WireException>());

    [Test]
    public async Task Path_that_is_not_valid_has_no_info()
    {
        byte[] bytes = new WireBytes().U64(0).ToArray();

        Assert.That(Codec.Write(w => UnkeyedValidPathInfoCodec.WriteOptional(w, Contexts.Current, null)), Is.EqualTo(bytes));
        Assert.That(await Codec.ReadAsync(bytes, r => UnkeyedValidPathInfoCodec.ReadOptionalAsync(r, Contexts.Current, default)), Is.Null);
    }

    [Test]
    public async Task Signature_that_is_not_text_does_not_invalidate_the_path()
    {
        byte[] bytes = new WireBytes().Text("", Samples.Hash).U64(0, 0, 0, 0, 2).Bytes([0xff]).Text("key-1:a", "").ToArray();

        UnkeyedValidPathInfo info = await Codec.ReadAsync(bytes, r => UnkeyedValidPathInfoCodec.ReadAsync(r, Contexts.Current, default));

        Assert.That(info.Signatures, Is.EqualTo(["key-1:a", "\ufffd"]));
        Assert.That(info.Deriver, Is.Null);
        Assert.That(info.ContentAddress, Is.Null);
    }

    [Test]
    public void Content_address_that_is_none_is_refused() => Assert.That(
        async () => await Codec.ReadAsync(
            new WireBytes().Text("fixed:sha256").ToArray(), r => ContentAddressCodec.ReadOptionalAsync(r, default)),
        Throws.TypeOf<WireException>());
}
