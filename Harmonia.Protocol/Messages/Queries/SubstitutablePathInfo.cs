using Harmonia.Protocol.Store;

namespace Harmonia.Protocol.Messages.Queries;

/// <summary>What a substituter knows of a path. Nix: src/libstore/include/nix/store/path-info.hh, SubstitutablePathInfo.</summary>
public sealed record SubstitutablePathInfo
{
    /// <summary>The derivation the path was built from, where known.</summary>
    public StorePath? Deriver { get; init; }

    /// <summary>The paths this one refers to.</summary>
    public IReadOnlyList<StorePath> References { get; init; } = [];

    /// <summary>Bytes to download; 0 where unknown.</summary>
    public ulong DownloadSize { get; init; }

    /// <summary>Bytes of the NAR; 0 where unknown.</summary>
    public ulong NarSize { get; init; }
}
