using Harmonia.Protocol.Primitives;

namespace Harmonia.Protocol.Nar;

/// <summary>
/// A tree that cannot be a NAR (it holds a socket, a device or a FIFO), or that changed while it was read. What was read of it
/// so far must not be taken for the whole.
/// </summary>
internal sealed class NarTreeException : IOException
{
    internal NarTreeException(ReadOnlyMemory<byte> path, string problem)
        : base($"{PrintableBytes.Of(path.Span)}: {problem}") => Path = path;

    /// <summary>The path of the file as the bytes it has on disk; <see cref="Exception.Message"/> shows it for humans only.</summary>
    public ReadOnlyMemory<byte> Path { get; }
}
