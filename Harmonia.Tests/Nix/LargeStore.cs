using Harmonia.Tests.Support;

namespace Harmonia.Tests.Nix;

/// <summary>
/// One store of about 3,000 paths that Nix 2.34 made, shared by the tests of this folder, which only read it. Its paths say
/// <c>/nix/store</c>; its files lie below a temporary root.
/// </summary>
public sealed class LargeStore : IDisposable
{
    private const int Texts = 3000;
    private const int Derivations = 12;
    private const int SmallFileCount = 2000;
    private const int LargeFileLength = (34 << 20) + 5;

    private LargeStore(RealNixStore store) => Store = store;

    public RealNixStore Store { get; }

    /// <summary>Build outputs, each with a reference to itself, the one before it and a text; the first refers to every text.</summary>
    public required IReadOnlyList<string> Outputs { get; init; }

    /// <summary>The derivations of the outputs, in their order.</summary>
    public required IReadOnlyList<string> DerivationPaths { get; init; }

    /// <summary>A derivation that is not built; all it needs is.</summary>
    public required string UnbuiltDerivation { get; init; }

    /// <summary>A tree with the names and kinds of files that are easy to get wrong.</summary>
    public required string OddTree { get; init; }

    /// <summary>A file whose NAR is stored in three frames.</summary>
    public required string LargeFile { get; init; }

    /// <summary>A tree of many files of at most a few hundred bytes.</summary>
    public required string SmallFiles { get; init; }

    /// <summary>The folder that clients call the root of this store.</summary>
    public string ChrootRoot => Path.Combine(Store.Root, "root");

    /// <summary>The last output: its closure is nearly the whole store.</summary>
    public string Top => Outputs[^1];

    public static async Task<LargeStore> CreateAsync()
    {
        RealNixStore store = await RealNixStore.CreateAsync(NixRelease.Forky, RealNixStoreLayout.Chroot, """
            sandbox = true
            sandbox-paths = /bin=/usr/bin /lib=/usr/lib /lib64=/usr/lib64 /usr
            """);
        try
        {
            string[] derivations = await store.RunAsync(
                "nix-instantiate",
                Path.Combine(AppContext.BaseDirectory, "Nix", "large-store.nix"),
                "--arg", "texts", $"{Texts}", "--arg", "derivations", $"{Derivations + 1}");
            string unbuilt = derivations[^1];
            derivations = derivations[..^1];
            string[] outputs = await store.RunAsync("nix-store", ["--realise", .. derivations]);
            return new LargeStore(store)
            {
                // A derivation with two outputs prints both; the tests name the one called out.
                Outputs = [.. outputs.Where(path => !path.EndsWith("-dev", StringComparison.Ordinal))],
                DerivationPaths = derivations,
                UnbuiltDerivation = unbuilt,
                OddTree = await AddOddTreeAsync(store),
                LargeFile = await AddLargeFileAsync(store),
                SmallFiles = await AddSmallFilesAsync(store),
            };
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    public void Dispose() => Store.Dispose();

    // The names are made by a shell, because .NET can't name a file that isn't UTF-8.
    private static async Task<string> AddOddTreeAsync(RealNixStore store)
    {
        string folder = Path.Combine(store.Root, "home", "odd-tree");
        await Command.RunAsync("/bin/sh", ["-c", """
            mkdir -p "$1/empty" "$1/a/b/c/d/e/f" && cd "$1"
            printf 'latin' > "$(printf 'caf\351')"
            printf 'utf-8' > 'ünïcode'
            : > zero
            for size in 1 7 8 9 15 16 17; do head -c $size /dev/zero > size-$size; done
            printf 'upper' > Z; printf 'lower' > a/z; printf 'dot' > .hidden
            printf '#!/bin/sh\n' > run; chmod 755 run
            ln -s nowhere dangling; ln -s "$(printf 'caf\351')" latin-link
            head -c 3000000 /dev/urandom > a/b/c/d/e/f/large
            """, "sh", folder]);
        return await store.AddTreeAsync(folder);
    }

    private static async Task<string> AddLargeFileAsync(RealNixStore store)
    {
        string file = Path.Combine(store.Root, "home", "large-file");
        await File.WriteAllBytesAsync(file, SampleText.Of(LargeFileLength));
        return await store.AddTreeAsync(file);
    }

    private static async Task<string> AddSmallFilesAsync(RealNixStore store)
    {
        string folder = Path.Combine(store.Root, "home", "small-files");
        byte[] text = SampleText.Of(2 * SmallFileCount);
        for (int i = 0; i < SmallFileCount; i++)
        {
            string inner = Directory.CreateDirectory(Path.Combine(folder, $"{i % 20}")).FullName;
            await File.WriteAllBytesAsync(Path.Combine(inner, $"{i}"), text.AsMemory(i, i % 700));
        }

        return await store.AddTreeAsync(folder);
    }
}
