using Harmonia.Protocol.Store;

namespace Harmonia.Protocol.Messages.Queries;

/// <summary>Asks which of these paths are valid.</summary>
public sealed record QueryValidPathsRequest
{
    /// <summary>The paths.</summary>
    public required IReadOnlyList<StorePath> Paths { get; init; }

    /// <summary>Whether to try to substitute those that are not valid. Transported since 1.27.</summary>
    public bool Substitute { get; init; }
}
