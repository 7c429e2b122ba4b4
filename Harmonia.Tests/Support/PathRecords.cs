using System.Buffers;
using Harmonia.Cache.Catalog;
using Harmonia.Protocol.Store;

namespace Harmonia.Tests.Support;

/// <summary>What is remembered of paths.</summary>
internal static class PathRecords
{
    /// <summary>The record of a path, without an attachment.</summary>
    public static PathRecord Of(ValidPathInfo path)
    {
        BaseNames names = new(1 << 20);
        return Read(path, Write(path, names), names);
    }

    /// <summary>The bytes of a record.</summary>
    public static byte[] Write(ValidPathInfo path, BaseNames names)
    {
        ArrayBufferWriter<byte> output = new();
        PathRecordWriter.Write(output, path, names);
        return PathRecordWriter.Join(output.WrittenSpan, []);
    }

    /// <summary>Reads the bytes of a record of this path.</summary>
    public static PathRecord Read(ValidPathInfo path, byte[] record, BaseNames names)
    {
        byte[] hash = new byte[StorePathHash.ByteLength];
        path.Path.Hash.CopyTo(hash);
        return PathRecord.Of(hash, record, names);
    }
}
