using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Wire;
using NUnit.Framework;
using static Harmonia.Tests.Daemon.SampleStore;

namespace Harmonia.Tests.Daemon.Operations;

/// <summary>Operations the daemon does not have: read to their end, refused by name, and the connection lives.</summary>
public sealed class UnsupportedOperationTests
{
    private static readonly (Operation Operation, Action<WireWriter, MessageContext> Write)[] Plain =
    [
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

    private static async Task AssertRefusedAsync(SessionClient client, Operation operation, Action<WireWriter, MessageContext> write)
    {
        Assert.That(
            () => client.AskAsync(operation, write),
            Throws.TypeOf<RemoteErrorException>().With.Message.EqualTo($"{operation}: harmonia-daemon does not support this operation"));
        Assert.That(await client.IsValidPathAsync(Top), Is.True, $"The connection is in step after {operation}.");
    }
}
