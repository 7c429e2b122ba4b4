using Harmonia.Protocol.Store;

namespace Harmonia.Protocol.Messages.Adding;

/// <summary>A content-addressed path to add; its data follows in frames. Since protocol 1.25.</summary>
public sealed record AddToStoreRequest
{
    /// <summary>The name of the store path, which need not be valid.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// The content address without its hash, for <see cref="ContentAddress.TryParseMethod"/>. The data is the contents of a file for
    /// <c>text:</c> and <c>fixed:</c>, and a NAR for <c>fixed:r:</c> and <c>fixed:git:</c>.
    /// </summary>
    public required string Method { get; init; }

    /// <summary>The paths that this path refers to.</summary>
    public IReadOnlyList<StorePath> References { get; init; } = [];

    /// <summary>Whether to replace the path if it is already valid.</summary>
    public bool Repair { get; init; }
}
