using Harmonia.Protocol.Messages;
using Harmonia.Tests.Protocol.Messages;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

[Category("Nix")]
public sealed class RealPeersTests
{
    // Where Golden/record-worker-protocol.sh expects the recordings.
    private static readonly string? RecordTo = Environment.GetEnvironmentVariable("HARMONIA_RECORD_WORKER_PROTOCOL");

    private static IEnumerable<TestCaseData> Pairs =>
        from client in NixRelease.All
        from daemon in new[] { NixRelease.Bookworm, NixRelease.Forky }
        select new TestCaseData(client, daemon);

    [TestCaseSource(nameof(Pairs))]
    public async Task Every_byte_between_real_peers_is_read_and_written_again(NixRelease client, NixRelease daemon)
    {
        IReadOnlyList<RecordedConnection> connections = await ProtocolTour.RecordAsync(client, daemon);

        HashSet<Operation> operations = [];
        foreach (RecordedConnection connection in connections)
            operations.UnionWith((await Replay.RunAsync(connection)).Select(request => request.Operation));
        Assert.That(operations, Is.SupersetOf(ProtocolTour.Operations(client, daemon)));

        if (RecordTo is not null)
            RecordedConnection.Write(Path.Combine(RecordTo, $"client-{client}-daemon-{daemon}.bin"), connections);
    }
}
