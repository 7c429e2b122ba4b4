using System.Text;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;
using NUnit.Framework;
using static Harmonia.Tests.Daemon.SampleStore;

namespace Harmonia.Tests.Daemon.Operations;

/// <summary>Operations the daemon does not have: read to their end, refused by name, and the connection lives.</summary>
public sealed class UnsupportedOperationTests
{
    private static readonly ValidPathInfo Info = new() { Path = Missing, Info = new UnkeyedValidPathInfo { NarHash = default, NarSize = 120 } };

    private static readonly (Operation Operation, Action<WireWriter, MessageContext> Write)[] Plain =
    [
        (Operation.HasSubstitutes, (writer, context) => StorePathCodec.Write(writer, context, Top)),
        (Operation.QueryPathHash, (writer, context) => StorePathCodec.Write(writer, context, Top)),
        (Operation.QueryReferences, (writer, context) => StorePathCodec.Write(writer, context, Top)),
        (Operation.AddTextToStore, (writer, context) =>
            AddTextToStoreRequestCodec.Write(writer, context, new AddTextToStoreRequest { Name = "x", Text = "text"u8.ToArray(), References = [Top] })),
        (Operation.AddIndirectRoot, (writer, _) => writer.WriteString("/root")),
        (Operation.AddPermRoot, (writer, context) =>
            AddPermRootRequestCodec.Write(writer, context, new AddPermRootRequest(Top, Encoding.UTF8.GetBytes("/root")))),
        (Operation.AddSignatures, (writer, context) =>
            AddSignaturesRequestCodec.Write(writer, context, new AddSignaturesRequest(Top, [TopSignature]))),
        (Operation.FindRoots, (_, _) => { }),
        (Operation.OptimiseStore, (_, _) => { }),
        (Operation.ImportPaths, (_, _) => { }),
        (Operation.ExportPath, (writer, context) => ExportPathRequestCodec.Write(writer, context, new ExportPathRequest(Top, false))),
        (Operation.VerifyStore, (writer, _) => VerifyStoreRequestCodec.Write(writer, new VerifyStoreRequest(true, false))),
        (Operation.CollectGarbage, (writer, context) =>
            CollectGarbageRequestCodec.Write(writer, context, new CollectGarbageRequest { Action = GcAction.ReturnDead })),
        (Operation.RegisterDrvOutput, (writer, context) =>
            RealisationCodec.Write(writer, context, new Realisation { Id = new DrvOutput("sha256:" + new string('a', 64), "out"), OutPath = Top })),
        (Operation.BuildDerivation, (writer, context) => BuildDerivationRequestCodec.Write(writer, context, new BuildDerivationRequest
        {
            Path = TopDerivation,
            Derivation = new BasicDerivation { Outputs = [], Platform = "x86_64-linux", Builder = "/bin/sh"u8.ToArray() },
        })),
    ];

    [Test]
    public async Task Requests_are_read_to_their_end([Values((byte)18, (byte)22, (byte)30, (byte)38)] byte minor)
    {
        using SampleStore store = new();
        await using SessionHarness harness = new(store);
        using SessionClient client = await harness.ConnectAsync(minor);
        foreach ((Operation operation, Action<WireWriter, MessageContext> write) in Plain)
            await AssertRefusedAsync(client, operation, write);
    }

    [Test]
    public async Task Uploads_in_frames_are_read_to_their_end()
    {
        using SampleStore store = new();
        await using SessionHarness harness = new(store);
        using SessionClient client = await harness.ConnectAsync();
        AddToStoreRequest add = new() { Name = "x", Method = "fixed:r:sha256" };
        await AssertRefusedAsync(client, Operation.AddToStore, Framed((writer, context) => AddToStoreRequestCodec.Write(writer, context, add)));
        AddToStoreNarRequest addNar = new() { Info = Info };
        await AssertRefusedAsync(client, Operation.AddToStoreNar, Framed((writer, context) => AddToStoreNarRequestCodec.Write(writer, context, addNar)));
        await AssertRefusedAsync(
            client, Operation.AddMultipleToStore, Framed((writer, _) => AddMultipleToStoreRequestCodec.Write(writer, new AddMultipleToStoreRequest(false, false))));
        await AssertRefusedAsync(client, Operation.AddBuildLog, Framed((writer, _) => StorePathCodec.WriteBaseName(writer, TopDerivation)));
    }

    [Test]
    public async Task Uploads_without_frames_are_parsed_to_find_their_end()
    {
        using SampleStore store = new();
        await using SessionHarness harness = new(store);
        using SessionClient client = await harness.ConnectAsync(18);
        OldAddToStoreRequest add = new() { Name = "x", Fixed = true, Recursive = true, HashAlgorithm = "sha256" };
        await AssertRefusedAsync(client, Operation.AddToStore, WithNar((writer, _) => OldAddToStoreRequestCodec.Write(writer, add)));
        AddToStoreNarRequest addNar = new() { Info = Info };
        await AssertRefusedAsync(client, Operation.AddToStoreNar, WithNar((writer, context) => AddToStoreNarRequestCodec.Write(writer, context, addNar)));
    }

    [Test]
    public async Task An_upload_that_the_daemon_would_have_to_ask_for_is_not_asked_for()
    {
        using SampleStore store = new();
        await using SessionHarness harness = new(store);
        using SessionClient client = await harness.ConnectAsync(21);
        AddToStoreNarRequest request = new() { Info = Info };

        await AssertRefusedAsync(client, Operation.AddToStoreNar, (writer, context) => AddToStoreNarRequestCodec.Write(writer, context, request));
    }

    [TestCase(2u)]
    [TestCase(24u)]
    [TestCase(48u)]
    [TestCase(1000u)]
    [TestCase(4_000_000_000u)]
    public async Task An_operation_that_nobody_knows_is_refused_and_ends_the_connection(uint operation)
    {
        using SampleStore store = new();
        await using SessionHarness harness = new(store);
        using SessionClient client = await harness.ConnectAsync();

        Assert.That(
            () => client.AskAsync((Operation)operation), Throws.TypeOf<RemoteErrorException>().With.Message.EqualTo($"invalid operation {operation}"));
        Assert.That(await client.IsClosedAsync(), Is.True);
    }

    private static Action<WireWriter, MessageContext> Framed(Action<WireWriter, MessageContext> write) => (writer, context) =>
    {
        write(writer, context);
        foreach (int size in new[] { 5, 100_000, 1 })
        {
            writer.WriteUInt64((ulong)size);
            writer.WriteRaw(new byte[size]);
        }

        writer.WriteUInt64(0);
    };

    private static Action<WireWriter, MessageContext> WithNar(Action<WireWriter, MessageContext> write) => (writer, context) =>
    {
        write(writer, context);
        foreach (string token in new[] { "nix-archive-1", "(", "type", "regular", "contents", new string('x', 70_001), ")" })
            writer.WriteString(token);
    };

    private static async Task AssertRefusedAsync(SessionClient client, Operation operation, Action<WireWriter, MessageContext> write)
    {
        Assert.That(
            () => client.AskAsync(operation, write),
            Throws.TypeOf<RemoteErrorException>().With.Message.EqualTo($"{operation}: harmonia-daemon does not support this operation"));
        Assert.That(await client.IsValidPathAsync(Top), Is.True, $"The connection is in step after {operation}.");
    }
}
