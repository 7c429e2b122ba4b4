using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Building;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Messages;

public sealed class DerivedPathCodecTests
{
    private static readonly DerivedPath.Opaque Path = new(Samples.PathOf(Samples.A));
    private static readonly DerivedPath.Opaque Derivation = new(Samples.PathOf(Samples.Drv));

    private static IEnumerable<TestCaseData> Spellings =>
    [
        new((byte)29, Path, Samples.A),
        new((byte)29, new DerivedPath.Built(Derivation, OutputsSpec.All), Samples.Drv),
        new((byte)29, new DerivedPath.Built(Derivation, OutputsSpec.Of("x", "y")), $"{Samples.Drv}!x,y"),
        new((byte)30, Path, Samples.A),
        new((byte)30, Derivation, Samples.Drv),
        new((byte)30, new DerivedPath.Built(Derivation, OutputsSpec.All), $"{Samples.Drv}!*"),
        new((byte)30, new DerivedPath.Built(Derivation, OutputsSpec.Of("x", "y")), $"{Samples.Drv}!x,y"),
        new(
            (byte)38,
            new DerivedPath.Built(new DerivedPath.Built(Derivation, OutputsSpec.Of("out")), OutputsSpec.All),
            $"{Samples.Drv}!out!*"),
    ];

    [TestCaseSource(nameof(Spellings))]
    public async Task Spelling_depends_on_the_version(byte minor, DerivedPath path, string text)
    {
        byte[] bytes = new WireBytes().Text(text).ToArray();

        Assert.That(Codec.Write(w => DerivedPathCodec.Write(w, Contexts.At(minor), path)), Is.EqualTo(bytes));
        Assert.That(await Codec.ReadAsync(bytes, r => DerivedPathCodec.ReadAsync(r, Contexts.At(minor), default)), Is.EqualTo(path));
    }

    [Test]
    public void Before_130_a_request_cannot_name_a_derivation_itself()
    {
        DerivedPath.Built dynamic = new(new DerivedPath.Built(Derivation, OutputsSpec.Of("out")), OutputsSpec.All);

        Assert.That(() => Codec.Write(w => DerivedPathCodec.Write(w, Contexts.At(29), Derivation)), Throws.TypeOf<NotSupportedException>());
        Assert.That(() => Codec.Write(w => DerivedPathCodec.Write(w, Contexts.At(29), dynamic)), Throws.TypeOf<NotSupportedException>());
    }

    [TestCase("")]
    [TestCase("/nix/store/a")]
    [TestCase($"{Samples.Drv}!")]
    [TestCase($"{Samples.Drv}!*!out")]
    public void Anything_else_is_refused(string text) => Assert.That(
        async () => await Codec.ReadAsync(
            new WireBytes().Text(text).ToArray(), r => DerivedPathCodec.ReadAsync(r, Contexts.Current, default)),
        Throws.TypeOf<WireException>());

    [Test]
    public async Task Requests_to_build_have_a_mode([Values] BuildMode mode)
    {
        byte[] bytes = new WireBytes().U64(1).Text(Samples.A).U64((ulong)mode).ToArray();

        BuildPathsRequest request = await Codec.ReadAsync(bytes, r => BuildPathsRequestCodec.ReadAsync(r, Contexts.Current, default));

        Assert.That(request.Paths, Is.EqualTo([Path]));
        Assert.That(request.Mode, Is.EqualTo(mode));
        Assert.That(Codec.Write(w => BuildPathsRequestCodec.Write(w, Contexts.Current, request)), Is.EqualTo(bytes));
    }

    [Test]
    public void Other_modes_are_refused() => Assert.That(
        async () => await Codec.ReadAsync(
            new WireBytes().U64(0, 3).ToArray(), r => BuildPathsRequestCodec.ReadAsync(r, Contexts.Current, default)),
        Throws.TypeOf<WireException>());
}
