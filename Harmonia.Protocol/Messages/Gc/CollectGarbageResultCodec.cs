using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages.Gc;

/// <summary>The reply to CollectGarbage.</summary>
public static class CollectGarbageResultCodec
{
    // Nix: src/libstore/daemon.cc, performOp, CollectGarbage
    //   set<string> paths · u64 bytesFreed · u64 0 (obsolete)

    /// <summary>Writes the reply, and flushes in between: it may have the paths of a whole store.</summary>
    /// <exception cref="IOException">The peer is gone.</exception>
    public static async ValueTask WriteAsync(WireWriter writer, CollectGarbageResult result, CancellationToken cancellationToken)
    {
        await StringSetCodec.WriteAsync(writer, result.Paths, cancellationToken);
        writer.WriteUInt64(result.BytesFreed);
        writer.WriteUInt64(0);
    }

    /// <summary>Reads the reply.</summary>
    /// <exception cref="WireException">The bytes are not one.</exception>
    public static async ValueTask<CollectGarbageResult> ReadAsync(WireReader reader, CancellationToken cancellationToken)
    {
        CollectGarbageResult result = new()
        {
            Paths = await StringSetCodec.ReadAsync(reader, WireLimits.StorePaths, WireLimits.FilePath, cancellationToken),
            BytesFreed = await reader.ReadUInt64Async(cancellationToken),
        };
        _ = await reader.ReadUInt64Async(cancellationToken);
        return result;
    }
}
