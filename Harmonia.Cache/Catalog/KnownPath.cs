using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Catalog;

/// <summary>An answer of the daemon, and what would be remembered of it.</summary>
/// <param name="path">The path.</param>
/// <param name="record">What <see cref="PathRecordWriter.Join"/> has made.</param>
/// <param name="names">The names that it refers to.</param>
public sealed class KnownPath(ValidPathInfo path, byte[] record, BaseNames names)
{
    private readonly byte[] _hash = BytesOf(path.Path.Hash);

    /// <summary>The path.</summary>
    public ValidPathInfo Path => path;

    /// <summary>What would be remembered of it.</summary>
    public PathRecord Record => PathRecord.Of(_hash, record, names);

    private static byte[] BytesOf(StorePathHash hash)
    {
        byte[] bytes = new byte[StorePathHash.ByteLength];
        hash.CopyTo(bytes);
        return bytes;
    }
}
