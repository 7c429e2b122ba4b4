namespace Harmonia.Protocol.Messages.Adding;

/// <summary>
/// A content-addressed path to add, before protocol 1.25. A NAR follows without frames, even if only the contents of one file are hashed.
/// </summary>
public sealed record OldAddToStoreRequest
{
    /// <summary>The name of the store path, which need not be valid.</summary>
    public required string Name { get; init; }

    /// <summary>False to hash the NAR with SHA-256, whatever the next two are.</summary>
    public required bool Fixed { get; init; }

    /// <summary>True to hash the NAR, false to hash the contents of the one file in it.</summary>
    public required bool Recursive { get; init; }

    /// <summary>The name of the hash algorithm, which need not be valid.</summary>
    public required string HashAlgorithm { get; init; }
}
