namespace Harmonia.Protocol.Store;

/// <summary>A valid path and what its store knows of it. Nix: src/libstore/include/nix/store/path-info.hh, ValidPathInfo.</summary>
public sealed record ValidPathInfo
{
    /// <summary>The path.</summary>
    public required StorePath Path { get; init; }

    /// <summary>What is known of it.</summary>
    public required UnkeyedValidPathInfo Info { get; init; }
}
