using System.Text;
using Harmonia.Protocol.Messages;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

/// <summary>harmonia-daemon announces features that no Nix knows; real clients take what they know and go on.</summary>
[Category("Nix")]
[TestFixtureSource(typeof(NixRelease), nameof(NixRelease.All))]
public sealed class FeatureExchangeTests(NixRelease release)
{
    private static LargeStore Store => LargeStoreSetUp.Store;

    [Test]
    public async Task Features_that_a_client_does_not_know_change_nothing_for_it()
    {
        using TemporaryDirectory directory = new();
        await using HarmoniaDaemon daemon = await HarmoniaDaemon.StartAsync(Store.Store);
        RecordingProxy proxy = RecordingProxy.Start(directory["socket"], daemon.SocketPath);
        Dictionary<string, string?> environment = new(daemon.ClientEnvironment)
        {
            ["NIX_REMOTE"] = $"unix://{proxy.SocketPath}{Store.Store.ClientParameters}",
        };

        CommandResult result = await Command.RunAsync(release.Program("nix-store"), ["--query", "--references", Store.Top], environment);
        IReadOnlyList<RecordedConnection> connections = await proxy.StopAsync();

        string[] references = await Store.Store.RunAsync("nix-store", "--query", "--references", Store.Top);
        Assert.That(result.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries), Is.EquivalentTo(references));
        foreach (RecordedConnection connection in connections)
        {
            bool announced = Encoding.Latin1.GetString(connection.FromDaemon).Contains(ProtocolFeatures.HarmoniaCache, StringComparison.Ordinal);
            Assert.That(announced, Is.EqualTo(release != NixRelease.Bookworm), "Features are exchanged since protocol 1.38.");
        }

        Assert.That(connections, Is.Not.Empty);
    }
}
