namespace Harmonia.Protocol.Messages.Adding;

/// <summary>
/// A content-addressed path to add, before protocol 1.25; its data follow as a bare NAR, also when a single file's contents are hashed.
/// </summary>
public sealed record OldAddToStoreRequest
{
    /// <summary>The name of the store path, which need not be a good one.</summary>
    public required string Name { get; init; }

    /// <summary>False to hash the NAR with SHA-256, whatever the other two say.</summary>
    public required bool Fixed { get; init; }

    /// <summary>Whether the NAR is hashed, or the contents of the one file in it.</summary>
    public required bool Recursive { get; init; }

    /// <summary>The name of the hash algorithm, which need not be one.</summary>
    public required string HashAlgorithm { get; init; }
}
