using Harmonia.Tests.Support;

namespace Harmonia.Tests.Native;

/// <summary>The two native programs at work on a small store, the cache with settings of a test.</summary>
internal sealed class NativePair : IAsyncDisposable
{
    private NativePair(RealNixStore store, HarmoniaDaemon daemon) => (Store, Daemon) = (store, daemon);

    public RealNixStore Store { get; }

    public HarmoniaDaemon Daemon { get; }

    public HarmoniaCache Cache { get; private set; } = null!;

    /// <summary>A build output of 100 KB of text that refers to another output, signed by its builder and by the cache.</summary>
    public string Top { get; private set; } = "";

    /// <summary>The derivation of <see cref="Top"/>, whose build wrote a log.</summary>
    public string Derivation { get; private set; } = "";

    /// <summary>Starts them.</summary>
    /// <param name="settings">More lines for the cache's configuration.</param>
    public static async Task<NativePair> StartAsync(string settings = "")
    {
        RealNixStore store = await RealNixStore.CreateAsync(NixRelease.Forky, RealNixStoreLayout.Chroot);
        NativePair pair = new(store, await HarmoniaDaemon.StartPublishedAsync(store));
        pair.Derivation = (await store.InstantiateAsync("""
            let build = name: script: derivation {
                  inherit name;
                  system = builtins.currentSystem;
                  builder = "/bin/sh";
                  args = [ "-c" "PATH=/usr/bin:/bin; ${script}" ];
                };
            in build "top" "echo said while building; mkdir $out; seq 20000 > $out/numbers; ln -s ${build "base" "echo base > $out"} $out/base"
            """)).Single();
        pair.Top = (await store.RunAsync("nix-store", "--realise", pair.Derivation)).Single();
        pair.Cache = await HarmoniaCache.StartPublishedAsync(store, pair.Daemon.SocketPath, settings);
        return pair;
    }

    /// <summary>What curl prints for a path below the cache's URL, with more arguments in front.</summary>
    public async Task<CommandResult> FetchAsync(string path, params string[] arguments) =>
        await Command.RunAsync("curl", ["--silent", "--show-error", "--fail", .. arguments, $"{Cache.Url}{path}"]);

    /// <summary>The narinfo of <see cref="Top"/>, line by line.</summary>
    public async Task<string[]> NarInfoAsync(params string[] arguments) =>
        (await FetchAsync($"{Path.GetFileName(Top)[..32]}.narinfo", arguments)).Text.Split('\n');

    public async ValueTask DisposeAsync()
    {
        if (Cache is not null)
            await Cache.DisposeAsync();
        await Daemon.DisposeAsync();
        Store.Dispose();
    }
}
