using Harmonia.Protocol.Nar;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.NarCache;

/// <summary>A NAR that can be made from its files, from any offset on.</summary>
/// <param name="Path">Whose NAR it is.</param>
/// <param name="Index">Where everything lies in it.</param>
/// <param name="Root">The raw file name of the tree.</param>
/// <param name="Verify">Gets the hash of all bytes, and fails if it is not what the database says.</param>
public sealed record NarSource(ValidPathInfo Path, NarIndex Index, byte[] Root, Action<NarHasher> Verify)
{
    /// <summary>What its bytes must hash to.</summary>
    public NarHash Hash => Path.Info.NarHash;

    /// <summary>Its length in bytes.</summary>
    public long Size => Index.NarSize;

    /// <summary>A reader for one thread, who disposes it.</summary>
    public NarIndexReader Open() => new(Index, Root);

    /// <summary>Fills all of the destination.</summary>
    /// <exception cref="EndOfStreamException">The NAR has fewer bytes.</exception>
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
