namespace Harmonia.Protocol.Store;

/// <summary>A valid path and its metadata. Nix: src/libstore/include/nix/store/path-info.hh, ValidPathInfo.</summary>
public sealed record ValidPathInfo
{
    /// <summary>The path.</summary>
    public required StorePath Path { get; init; }

    /// <summary>Its metadata.</summary>
    public required UnkeyedValidPathInfo Info { get; init; }
}
