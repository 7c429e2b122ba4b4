using Harmonia.Protocol.Messages;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Messages;

public sealed class RecordedPeersTests
{
    [TestCaseSource(typeof(Recordings), nameof(Recordings.Files))]
    public async Task Every_recorded_byte_is_read_and_written_again(string file)
    {
        HashSet<Operation> operations = [];
        foreach (RecordedConnection connection in RecordedConnection.Read(Recordings.PathOf(file)))
            operations.UnionWith((await Replay.RunAsync(connection)).Select(request => request.Operation));

        Assert.That(operations, Has.Count.GreaterThan(26));
    }

    [Test]
    public void Three_generations_of_clients_and_two_of_daemons_are_recorded() =>
        Assert.That(Recordings.Files, Has.Exactly(6).Items);
}
