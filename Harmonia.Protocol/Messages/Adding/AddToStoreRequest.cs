using Harmonia.Protocol.Store;

namespace Harmonia.Protocol.Messages.Adding;

/// <summary>A content-addressed path to add; its data follows in frames. Since protocol 1.25.</summary>
public sealed record AddToStoreRequest
{
    /// <summary>The name of the store path, which need not be a good one.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// How to address it, for <see cref="ContentAddress.TryParseMethod"/>. The data are a file's contents for <c>text:</c> and
    /// <c>fixed:</c>, and a NAR for <c>fixed:r:</c> and <c>fixed:git:</c>.
    /// </summary>
    public required string Method { get; init; }

    /// <summary>What the path refers to.</summary>
    public IReadOnlyList<StorePath> References { get; init; } = [];

    /// <summary>Whether to write it anew if it is valid already.</summary>
    public bool Repair { get; init; }
}
