namespace Harmonia.Tests.Support;

/// <summary>A few dozen paths with references for a <see cref="RealNixStore"/>, as in a small real store.</summary>
public sealed record SampleStorePaths
{
    private const int ChainLength = 12;

    /// <summary>Files without references, content-addressed.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>A directory with files, an executable and a symlink.</summary>
    public required string Directory { get; init; }

    /// <summary>Build outputs, signed; each refers to itself, the one before and the first.</summary>
    public required IReadOnlyList<string> Chain { get; init; }

    /// <summary>The derivations of <see cref="Chain"/>, in its order.</summary>
    public required IReadOnlyList<string> ChainDerivations { get; init; }

    /// <summary>A derivation with the outputs out and dev, built.</summary>
    public required string ManyOutputsDerivation { get; init; }

    /// <summary>A derivation that is not built.</summary>
    public required string UnbuiltDerivation { get; init; }

    /// <summary>A derivation whose build fails, with the word <c>failing-on-purpose</c> in its log.</summary>
    public required string FailingDerivation { get; init; }

    /// <summary>A derivation with a floating content-addressed output, built.</summary>
    public required string ContentAddressedDerivation { get; init; }

    public static async Task<SampleStorePaths> AddToAsync(RealNixStore store)
    {
        List<string> files = new();
        for (int n = 0; n < 8; n++)
            files.Add(await store.AddFileAsync($"file-{n}.txt", $"contents of file {n}\n"));
        string[] derivations = await store.InstantiateAsync(Expression);
        string[] chainDerivations = derivations[..ChainLength];
        string[] chain = await store.RunAsync("nix-store", ["--realise", .. chainDerivations]);
        await store.RunAsync("nix-store", "--realise", derivations[ChainLength], derivations[ChainLength + 1]);
        return new SampleStorePaths
        {
            Files = files,
            Directory = await AddDirectoryAsync(store),
            Chain = chain,
            ChainDerivations = chainDerivations,
            ManyOutputsDerivation = derivations[ChainLength],
            ContentAddressedDerivation = derivations[ChainLength + 1],
            UnbuiltDerivation = derivations[ChainLength + 2],
            FailingDerivation = derivations[ChainLength + 3],
        };
    }

    private static string Expression => $$"""
        let
          make = name: script: attributes: derivation ({
            inherit name;
            system = builtins.currentSystem;
            builder = "/bin/sh";
            args = [ "-c" script ];
          } // attributes);
          chain = builtins.genList (n: make "link-${toString n}" ''
            echo "I am $out number ${toString n}" > $out
            ${if n == 0 then "" else "echo ${builtins.elemAt chain 0} ${builtins.elemAt chain (n - 1)} >> $out"}
          '' { }) {{ChainLength}};
        in chain ++ [
          (make "many-outputs" "echo $dev > $out; echo development > $dev" { outputs = [ "out" "dev" ]; })
          (make "content-addressed" "echo same > $out" {
            __contentAddressed = true; outputHashMode = "recursive"; outputHashAlgo = "sha256";
          })
          (make "unbuilt" "echo ${builtins.elemAt chain 1} > $out" { })
          (make "failing" "echo failing-on-purpose; exit 3" { })
        ]
        """;

    private static async Task<string> AddDirectoryAsync(RealNixStore store)
    {
        string folder = System.IO.Directory.CreateDirectory($"{store.Root}/home/sample-directory/bin").FullName;
        await File.WriteAllTextAsync($"{folder}/run", "#!/bin/sh\necho run\n");
        File.SetUnixFileMode($"{folder}/run", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await File.WriteAllBytesAsync($"{folder}/../data", new byte[100_000]);
        File.CreateSymbolicLink($"{folder}/../link", "bin/run");
        return await store.AddTreeAsync($"{store.Root}/home/sample-directory");
    }
}
