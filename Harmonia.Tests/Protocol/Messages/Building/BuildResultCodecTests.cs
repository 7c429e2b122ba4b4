using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Building;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Messages.Building;

public sealed class BuildResultCodecTests
{
    private const string UnknownHash = "sha256:0000000000000000000000000000000000000000000000000000000000000000";

    private static readonly StorePath Out = Samples.PathOf(Samples.A);
    private static readonly StorePath Dev = Samples.PathOf(Samples.B);

    private static readonly BuildResult Full = new()
    {
        Status = BuildStatus.Built,
        TimesBuilt = 3,
        IsNonDeterministic = true,
        StartTime = 30,
        StopTime = 50,
        CpuUser = 500_000_000,
        CpuSystem = 604_000_000,
        BuiltOutputs =
        [
            new BuiltOutput("out", new UnkeyedRealisation { OutPath = Out, Signatures = [Samples.Signature] }),
            new BuiltOutput("dev", new UnkeyedRealisation { OutPath = Dev }),
        ],
    };

    [Test]
    public void Before_128_there_are_only_status_and_error()
    {
        BuildResult failed = Full with { Status = BuildStatus.PermanentFailure, ErrorMessage = "no idea why" };

        Assert.That(Write(27, failed), Is.EqualTo(new WireBytes().U64(3).Text("no idea why").ToArray()));
    }

    [Test]
    public void Since_128_outputs_are_realisations_of_an_unknown_derivation() =>
        Assert.That(Write(28, Full), Is.EqualTo(new WireBytes().U64(0).Text("").Raw(RealisedOutputs()).ToArray()));

    [Test]
    public void Since_129_there_are_times() =>
        Assert.That(Write(29, Full), Is.EqualTo(new WireBytes().U64(0).Text("").U64(3, 1, 30, 50).Raw(RealisedOutputs()).ToArray()));

    [Test]
    public void Since_137_there_is_the_processor_time()
    {
        Assert.That(Write(37, Full), Is.EqualTo(
            new WireBytes().U64(0).Text("").U64(3, 1, 30, 50, 1, 500_000_000, 1, 604_000_000).Raw(RealisedOutputs()).ToArray()));
        Assert.That(Write(37, Full with { CpuUser = null, CpuSystem = null }), Is.EqualTo(
            new WireBytes().U64(0).Text("").U64(3, 1, 30, 50, 0, 0).Raw(RealisedOutputs()).ToArray()));
    }

    [Test]
    public void With_the_feature_outputs_are_listed_by_name() => Assert.That(
        Write(38, Full, ProtocolFeatures.RealisationWithPathNotHash),
        Is.EqualTo(new WireBytes()
            .U64(0).Text("").U64(3, 1, 30, 50, 1, 500_000_000, 1, 604_000_000)
            .U64(2).Text("dev", Samples.B).U64(0).Text("out", Samples.A).U64(1).Text(Samples.Signature)
            .ToArray()));

    [Test]
    public async Task Everything_is_read_that_was_written()
    {
        MessageContext context = Contexts.At(38, ProtocolFeatures.RealisationWithPathNotHash);

        BuildResult result = await Codec.ReadAsync(
            Write(38, Full, ProtocolFeatures.RealisationWithPathNotHash), r => BuildResultCodec.ReadAsync(r, context, default));

        Assert.That(result, Is.EqualTo(Full with { BuiltOutputs = result.BuiltOutputs }));
        Assert.That(result.BuiltOutputs, Is.EqualTo(Full.BuiltOutputs.Reverse()));
    }

    [Test]
    public async Task Realisation_of_a_known_derivation_is_kept()
    {
        byte[] bytes = new WireBytes().U64(0).Text("").U64(1).Text(Samples.Output, Samples.Json).ToArray();

        BuildResult result = await Codec.ReadAsync(bytes, r => BuildResultCodec.ReadAsync(r, Contexts.At(28), default));

        Assert.That(result.BuiltOutputs.Single().OutputName, Is.EqualTo("out"));
        Assert.That(result.BuiltOutputs.Single().Value.OutPath, Is.EqualTo(Out));
        Assert.That(result.BuiltOutputs.Single().Value.Signatures, Is.EqualTo([Samples.Signature]));
        Assert.That(result.BuiltOutputs.Single().Realisation!.Id.ToString(), Is.EqualTo(Samples.Output));
        Assert.That(Write(28, result), Is.EqualTo(bytes));
    }

    [Test]
    public async Task Made_up_hash_is_not_taken_for_one()
    {
        BuildResult result = await Codec.ReadAsync(Write(28, Full), r => BuildResultCodec.ReadAsync(r, Contexts.At(28), default));

        Assert.That(result.BuiltOutputs.Select(output => output.OutputName), Is.EqualTo(["dev", "out"]));
        Assert.That(result.BuiltOutputs.Select(output => output.Realisation), Is.All.Null);
        Assert.That(Write(28, result), Is.EqualTo(Write(28, Full)));
    }

    [Test]
    public async Task Each_status_has_its_number([Values] BuildStatus status)
    {
        byte[] bytes = new WireBytes().U64((ulong)status).Text("").ToArray();

        Assert.That(
            (await Codec.ReadAsync(bytes, r => BuildResultCodec.ReadAsync(r, Contexts.At(27), default))).Status, Is.EqualTo(status));
    }

    [Test]
    public void Unknown_status_is_refused() => Assert.That(
        async () => await Codec.ReadAsync(
            new WireBytes().U64(15).Text("").ToArray(), r => BuildResultCodec.ReadAsync(r, Contexts.At(27), default)),
        Throws.TypeOf<WireException>());

    [Test]
    public async Task Results_come_with_their_derived_paths()
    {
        byte[] bytes = new WireBytes().U64(1).Text($"{Samples.Drv}!out").U64(14).Text("no way").U64(0).ToArray();

        IReadOnlyList<KeyedBuildResult> results =
            await Codec.ReadAsync(bytes, r => ClientReplies.ReadBuildResultsAsync(r, Contexts.At(28), default));

        Assert.That(results.Single().Path.Print(StoreDirectory.Default), Is.EqualTo($"{Samples.Drv}!out"));
        Assert.That(results.Single().Result.Status, Is.EqualTo(BuildStatus.NoSubstituters));
        Assert.That(results.Single().Result.ErrorMessage, Is.EqualTo("no way"));
    }

    private static byte[] Write(byte minor, BuildResult result, params string[] features) =>
        Codec.Write(w => BuildResultCodec.Write(w, Contexts.At(minor, features), result));

    // As Nix 2.35 writes them for older clients.
    private static byte[] RealisedOutputs() => new WireBytes()
        .U64(2)
        .Text($"{UnknownHash}!dev", $$"""{"id":"{{UnknownHash}}!dev","outPath":"{{Samples.B[11..]}}"}""")
        .Text($"{UnknownHash}!out", $$"""{"id":"{{UnknownHash}}!out","outPath":"{{Samples.A[11..]}}"}""")
        .ToArray();
}
