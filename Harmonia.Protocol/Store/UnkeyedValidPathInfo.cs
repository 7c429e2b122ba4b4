namespace Harmonia.Protocol.Store;

/// <summary>
/// The metadata of a valid path, without the path. Compared by value, including the lists.
/// Nix: src/libstore/include/nix/store/path-info.hh, UnkeyedValidPathInfo.
/// </summary>
public sealed record UnkeyedValidPathInfo
{
    /// <summary>The derivation that the path was built from, if known.</summary>
    public StorePath? Deriver { get; init; }

    /// <summary>The hash of the path's NAR.</summary>
    public required NarHash NarHash { get; init; }

    /// <summary>The paths that this one refers to, possibly itself; in ascending order of base names, each once.</summary>
    public IReadOnlyList<StorePath> References
    {
        get;
        init => field = AscendingSet.Of(value, Comparer<StorePath>.Default);
    } = [];

    /// <summary>When the path became valid, in Unix seconds; 0 if unknown.</summary>
    public ulong RegistrationTime { get; init; }

    /// <summary>The size of the NAR in bytes; 0 if unknown.</summary>
    public ulong NarSize { get; init; }

    /// <summary>Whether the path was built here, so that no signature is needed.</summary>
    public bool Ultimate { get; init; }

    /// <summary>
    /// Signatures as text, <c>name:base64</c>; in ascending ordinal order, each once. Old databases may have text that is not a
    /// signature.
    /// </summary>
    public IReadOnlyList<string> Signatures
    {
        get;
        init => field = AscendingSet.Of(value, StringComparer.Ordinal);
    } = [];

    /// <summary>The content address, if the path has one.</summary>
    public ContentAddress? ContentAddress { get; init; }

    /// <inheritdoc/>
    public bool Equals(UnkeyedValidPathInfo? other) =>
        other is not null
        && NarHash == other.NarHash
        && NarSize == other.NarSize
        && RegistrationTime == other.RegistrationTime
        && Ultimate == other.Ultimate
        && Deriver == other.Deriver
        && ContentAddress == other.ContentAddress
        && References.SequenceEqual(other.References)
        && Signatures.SequenceEqual(other.Signatures);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(NarHash, Deriver, RegistrationTime);
}
