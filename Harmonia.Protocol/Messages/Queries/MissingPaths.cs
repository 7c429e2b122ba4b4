using Harmonia.Protocol.Store;

namespace Harmonia.Protocol.Messages.Queries;

/// <summary>What has to be done to have certain paths. Nix: src/libstore/include/nix/store/store-api.hh, MissingPaths.</summary>
public sealed record MissingPaths
{
    /// <summary>Derivations that have to be built.</summary>
    public IReadOnlyList<StorePath> WillBuild { get; init; } = [];

    /// <summary>Paths that can be substituted.</summary>
    public IReadOnlyList<StorePath> WillSubstitute { get; init; } = [];

    /// <summary>Paths that can be neither built nor substituted.</summary>
    public IReadOnlyList<StorePath> Unknown { get; init; } = [];

    /// <summary>Bytes to download for <see cref="WillSubstitute"/>.</summary>
    public ulong DownloadSize { get; init; }

    /// <summary>Bytes of the NARs of <see cref="WillSubstitute"/>.</summary>
    public ulong NarSize { get; init; }
}
