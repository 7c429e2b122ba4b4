namespace Harmonia.Protocol.Store;

/// <summary>
/// An output, by the path of its derivation: the key of a build trace entry in Nix from 2.35 on, and on connections with the feature
/// <c>realisation-with-path-not-hash</c>. Nix: src/libstore/include/nix/store/realisation.hh, DrvOutput.
/// </summary>
public sealed record BuildTraceKey
{
    /// <summary>An output.</summary>
    /// <exception cref="FormatException">The name breaks the rule of <see cref="StorePathName"/>.</exception>
    public BuildTraceKey(StorePath derivation, string outputName)
    {
        StorePathName.Check(outputName);
        Derivation = derivation;
        OutputName = outputName;
    }

    /// <summary>The derivation.</summary>
    public StorePath Derivation { get; }

    /// <summary>The output.</summary>
    public string OutputName { get; }

    /// <summary><c>base name^output</c>.</summary>
    public override string ToString() => $"{Derivation}^{OutputName}";
}
