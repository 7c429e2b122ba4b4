using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;

namespace Harmonia.Tests.Nix;

/// <summary>
/// A chroot store of a few paths behind harmonia-daemon. Caches that serve it get its files by a symbolic link, as those get them whose
/// real store is a mount point elsewhere.
/// </summary>
public sealed class SmallStore : IAsyncDisposable
{
    private SmallStore(RealNixStore store, TemporaryDirectory directory, HarmoniaDaemon daemon) =>
        (Store, Directory, Daemon) = (store, directory, daemon);

    public RealNixStore Store { get; }

    /// <summary>For the files of tests.</summary>
    public TemporaryDirectory Directory { get; }

    public HarmoniaDaemon Daemon { get; }

    /// <summary>A directory with the one file my-file, added and thus not ultimate.</summary>
    public required string Tree { get; init; }

    /// <summary>A file of 50 KiB that cannot be compressed.</summary>
    public required string RandomFile { get; init; }

    /// <summary>Two build outputs, of which the second refers to the first; ultimate, and signed by harmonia-tests-1.</summary>
    public required IReadOnlyList<string> Built { get; init; }

    public static async Task<SmallStore> StartAsync()
    {
        RealNixStore store = await RealNixStore.CreateAsync(NixRelease.Forky, RealNixStoreLayout.Chroot, """
            sandbox = true
            sandbox-paths = /bin=/usr/bin /lib=/usr/lib /lib64=/usr/lib64 /usr
            """);
        TemporaryDirectory directory = new();
        try
        {
            System.IO.Directory.CreateDirectory(directory["tree"]);
            await File.WriteAllTextAsync(directory["tree/my-file"], "Hello, world\n");
            byte[] random = new byte[50 * 1024];
            Random.Shared.NextBytes(random);
            await File.WriteAllBytesAsync(directory["random"], random);
            string tree = await store.AddTreeAsync(directory["tree"]), file = await store.AddTreeAsync(directory["random"]);
            string[] built = await store.BuildAsync("""
                let
                  build = name: text: derivation {
                    inherit name;
                    system = builtins.currentSystem;
                    builder = "/bin/sh";
                    args = [ "-c" "echo ${text} > $out" ];
                  };
                  first = build "first" "nothing";
                in [ first (build "second" "${first}") ]
                """);
            File.CreateSymbolicLink(directory["real-store"], store.RealStoreDirectory);
            return new SmallStore(store, directory, await HarmoniaDaemon.StartAsync(store)) { Tree = tree, RandomFile = file, Built = built };
        }
        catch
        {
            store.Dispose();
            directory.Dispose();
            throw;
        }
    }

    /// <summary>The hash part of a path.</summary>
    public static string HashOf(string path) => Path.GetFileName(path)[..StorePathHash.Length];

    /// <summary>Makes a key and returns its public half; the secret one is in the file of its name.</summary>
    public string MakeKey(string name)
    {
        using SecretKey key = SecretKey.Generate(name);
        File.WriteAllText(Directory[name], key.ExportText());
        return key.PublicKey.ToString();
    }

    /// <summary>Starts a cache of it on a loopback port.</summary>
    public Task<CacheProcess> ServeAsync(string settings) => CacheProcess.StartAsync(
        Directory, $"virtual_nix_store = \"/nix/store\"\nreal_nix_store = \"{Directory["real-store"]}\"\n{settings}", [],
        daemonSocket: Daemon.SocketPath);

    public async ValueTask DisposeAsync()
    {
        await Daemon.DisposeAsync();
        Store.Dispose();
        Directory.Dispose();
    }
}
