using Harmonia.Protocol.Store;

namespace Harmonia.Protocol.Messages.Queries;

/// <summary>Which of these paths are valid?</summary>
public sealed record QueryValidPathsRequest
{
    /// <summary>The paths asked for.</summary>
    public required IReadOnlyList<StorePath> Paths { get; init; }

    /// <summary>Whether to try to substitute those that are not. Transported since 1.27.</summary>
    public bool Substitute { get; init; }
}
