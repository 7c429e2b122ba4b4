using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

/// <summary>The build logs that a real Nix writes are the logs that clients read from the cache.</summary>
[Category("Nix")]
[TestFixtureSource(typeof(NixRelease), nameof(NixRelease.All))]
public sealed class BuildLogTests(NixRelease release)
{
    private const string Said = "said while building";

    private const string Expression = $$"""
        derivation {
          name = "logged"; system = builtins.currentSystem; builder = "/bin/sh"; args = [ "-c" "echo {{Said}}; echo made > $out" ];
        }
        """;

    [TestCase("")]
    [TestCase("compress-build-log = false")]
    public async Task The_log_of_a_build_is_served_and_still_when_its_derivation_is_deleted(string configuration)
    {
        using RealNixStore store = await RealNixStore.CreateAsync(release, RealNixStoreLayout.Direct, configuration);
        string derivation = (await store.InstantiateAsync(Expression)).Single();
        await store.RunAsync("nix-store", "--realise", derivation);
        await using HarmoniaDaemon daemon = await HarmoniaDaemon.StartAsync(store);
        await using HarmoniaCache cache = await HarmoniaCache.StartAsync(store, daemon.SocketPath);
        string name = Path.GetFileName(derivation);

        CommandResult read = await Command.RunAsync(
            release.Program("nix"), ["log", "--extra-experimental-features", "nix-command", "--store", cache.Url.ToString(), derivation], store.Environment);
        Assert.That(read.Text, Does.Contain(Said));
        Assert.That(await FetchAsync(cache, name), Is.EqualTo($"{Said}\n"));

        await store.RunAsync("nix-store", "--delete", "--ignore-liveness", derivation);
        Assert.That(File.Exists(derivation), Is.False);
        Assert.That(await FetchAsync(cache, name), Is.EqualTo($"{Said}\n"));
        Assert.That(await FetchAsync(cache, name[..32]), Is.EqualTo($"{Said}\n"));
    }

    private static async Task<string> FetchAsync(HarmoniaCache cache, string name) =>
        (await Command.RunAsync("curl", ["--silent", "--fail", $"{cache.Url}log/{name}"])).Text;
}
