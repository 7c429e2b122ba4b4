using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Stderr;
using NUnit.Framework;

namespace Harmonia.Tests.Daemon.Operations;

/// <summary>Unknown operations, after which the start of the next request is unknown.</summary>
public sealed class UnsupportedOperationTests
{
    [TestCase(2u)]
    [TestCase(24u)]
    [TestCase(48u)]
    [TestCase(1000u)]
    [TestCase(4_000_000_000u)]
    public async Task An_unknown_operation_is_refused_and_ends_the_connection(uint operation)
    {
        using SampleStore store = new();
        await using SessionHarness harness = new(store);
        using SessionClient client = await harness.ConnectAsync();

        Assert.That(
            () => client.AskAsync((Operation)operation), Throws.TypeOf<RemoteErrorException>().With.Message.EqualTo($"invalid operation {operation}"));
        Assert.That(await client.IsClosedAsync(), Is.True);
    }
}
