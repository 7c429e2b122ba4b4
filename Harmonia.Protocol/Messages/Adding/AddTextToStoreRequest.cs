using Harmonia.Protocol.Store;

namespace Harmonia.Protocol.Messages.Adding;

/// <summary>A file to add, addressed by its text and references.</summary>
public sealed record AddTextToStoreRequest
{
    /// <summary>The name of the store path, which need not be valid.</summary>
    public required string Name { get; init; }

    /// <summary>The contents of the file.</summary>
    public required ReadOnlyMemory<byte> Text { get; init; }

    /// <summary>The paths that the file refers to.</summary>
    public IReadOnlyList<StorePath> References { get; init; } = [];
}
