using Harmonia.Protocol.Nar;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.NarCache;

/// <summary>A NAR that can be read from its files, from any offset on.</summary>
/// <param name="Path">The store path.</param>
/// <param name="Index">The index of the NAR.</param>
/// <param name="Root">The file name of the root, in bytes.</param>
/// <param name="Verify">Compares the hash of all bytes with the database, and throws if they differ.</param>
public sealed record NarSource(ValidPathInfo Path, NarIndex Index, byte[] Root, Action<NarHasher> Verify)
{
    /// <summary>The expected hash.</summary>
    public NarHash Hash => Path.Info.NarHash;

    /// <summary>Its length in bytes.</summary>
    public long Size => Index.NarSize;

    /// <summary>Opens a reader for one thread. The caller disposes it.</summary>
    public NarIndexReader Open() => new(Index, Root);

    /// <summary>Fills the whole destination.</summary>
    /// <exception cref="EndOfStreamException">The NAR ends before.</exception>
    internal static void Fill(NarIndexReader reader, long offset, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            int read = reader.Read(offset, destination);
            if (read == 0)
                throw new EndOfStreamException($"The NAR ended at {offset}, before its size.");
            offset += read;
            destination = destination[read..];
        }
    }
}
