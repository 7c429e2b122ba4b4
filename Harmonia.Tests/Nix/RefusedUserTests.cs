using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

/// <summary>A cache whose user is refused by the real nix-daemon.</summary>
[Category("Nix")]
[TestFixtureSource(typeof(NixRelease), nameof(NixRelease.All))]
public sealed class RefusedUserTests(NixRelease release)
{
    [Test]
    public async Task The_log_names_the_user_and_the_setting_and_clients_get_503()
    {
        using RealNixStore store = await RealNixStore.CreateAsync(
            release, configuration: "allowed-users = nobody-else\ntrusted-users = nobody-else");
        string path = await store.AddFileAsync("file", "contents");
        using RealNixDaemon daemon = RealNixDaemon.Start(store);
        await using HarmoniaCache cache = await HarmoniaCache.StartAsync(store, daemon.SocketPath);

        CommandResult lookup = await StatusAsync(cache, $"{Path.GetFileName(path)[..32]}.narinfo");
        CommandResult ready = await StatusAsync(cache, "ready");

        Assert.That(lookup.Text, Is.EqualTo("Service Unavailable503"));
        Assert.That(ready.Text, Does.Contain("the store daemon refuses the user of the cache\n503"));
        await Patience.UntilAsync(() => cache.Program.Log.Contains("[113]", StringComparison.Ordinal));
        string line = cache.Program.Log.Split('\n').Single(line => line.Contains("[113]", StringComparison.Ordinal));
        Assert.That(line, Does.Contain($"refused user {Environment.UserName};").And.Contain("allowed-users").And.Contain(daemon.SocketPath));
    }

    private static Task<CommandResult> StatusAsync(HarmoniaCache cache, string path) =>
        Command.RunAsync("curl", ["--silent", "--write-out", "%{http_code}", $"{cache.Url}{path}"]);
}
