using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Messages;

public sealed class RealisationCodecTests
{
    private static readonly DrvOutput Id = DrvOutput.Parse(Samples.Output);
    private static readonly StorePath Out = Samples.PathOf(Samples.A);
    private static readonly MessageContext Feature = Contexts.At(38, ProtocolFeatures.RealisationWithPathNotHash);

    [Test]
    public async Task Realisation_is_registered_as_id_and_base_name_before_131()
    {
        byte[] bytes = new WireBytes().Text(Samples.Output, Samples.A[11..]).ToArray();

        Realisation realisation = await Codec.ReadAsync(bytes, r => RealisationCodec.ReadAsync(r, Contexts.At(30), default));

        Assert.That(realisation, Is.EqualTo(new Realisation { Id = Id, OutPath = Out }));
    }

    [Test]
    public async Task Realisation_is_registered_as_JSON_since_131()
    {
        byte[] bytes = new WireBytes().Text(Samples.Json).ToArray();

        Realisation realisation = await Codec.ReadAsync(bytes, r => RealisationCodec.ReadAsync(r, Contexts.At(31), default));

        Assert.That(realisation.Id, Is.EqualTo(Id));
        Assert.That(realisation.OutPath, Is.EqualTo(Out));
        Assert.That(realisation.Signatures, Is.EqualTo([Samples.Signature]));
        Assert.That(realisation.DependentRealisations, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Reply_before_131_is_only_the_path()
    {
        byte[] bytes = new WireBytes().U64(1).Text(Samples.A).ToArray();

        Realisation? realisation = await Codec.ReadAsync(bytes, r => RealisationCodec.ReadOptionalAsync(r, Contexts.At(30), Id, default));

        Assert.That(realisation, Is.EqualTo(new Realisation { Id = Id, OutPath = Out }));
    }

    [Test]
    public async Task Unknown_realisation_is_null([Values(27, 31)] byte minor)
    {
        byte[] bytes = new WireBytes().U64(0).ToArray();

        Assert.That(await Codec.ReadAsync(bytes, r => RealisationCodec.ReadOptionalAsync(r, Contexts.At(minor), Id, default)), Is.Null);
        Assert.That(await Codec.ReadAsync(bytes, r => UnkeyedRealisationCodec.ReadOptionalAsync(r, Feature, default)), Is.Null);
    }

    [Test]
    public void More_than_one_realisation_is_refused() => Assert.That(
        async () => await Codec.ReadAsync(
            new WireBytes().U64(2).Text(Samples.Json, Samples.Json).ToArray(),
            r => RealisationCodec.ReadOptionalAsync(r, Contexts.At(31), Id, default)),
        Throws.TypeOf<WireException>());

    [Test]
    public async Task Build_trace_entry_has_derivation_output_path_and_signatures()
    {
        byte[] bytes = new WireBytes().Text(Samples.Drv, "out", Samples.A).U64(1).Text(Samples.Signature).ToArray();

        BuildTraceEntry entry = await Codec.ReadAsync(bytes, r => BuildTraceEntryCodec.ReadAsync(r, Feature, default));

        Assert.That(entry.Key, Is.EqualTo(new BuildTraceKey(Samples.PathOf(Samples.Drv), "out")));
        Assert.That(entry.Value, Is.EqualTo(new UnkeyedRealisation { OutPath = Out, Signatures = [Samples.Signature] }));
    }

    [TestCase("")]
    [TestCase("a/b")]
    public void Output_without_a_proper_name_is_refused(string name)
    {
        Assert.That(
            async () => await Codec.ReadAsync(
                new WireBytes().Text(Samples.Drv, name).ToArray(), r => BuildTraceKeyCodec.ReadAsync(r, Feature, default)),
            Throws.TypeOf<WireException>());
        Assert.That(
            async () => await Codec.ReadAsync(
                new WireBytes().Text($"sha256:{Samples.Hash}!{name}").ToArray(), r => DrvOutputCodec.ReadAsync(r, default)),
            Throws.TypeOf<WireException>());
    }

    [TestCase("")]
    [TestCase("{}")]
    [TestCase("[1")]
    public void Text_that_is_not_a_realisation_is_refused(string json) => Assert.That(
        async () => await Codec.ReadAsync(
            new WireBytes().Text(json).ToArray(), r => RealisationCodec.ReadAsync(r, Contexts.Current, default)),
        Throws.TypeOf<WireException>());
}
