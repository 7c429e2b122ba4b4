using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages.Gc;

/// <summary>The reply to CollectGarbage.</summary>
public static class CollectGarbageResultCodec
{
    // Nix: src/libstore/daemon.cc, performOp, CollectGarbage
    //   set<string> paths · u64 bytesFreed · u64 0 (obsolete)

    /// <summary>Writes the reply.</summary>
    public static void Write(WireWriter writer, CollectGarbageResult result)
    {
        StringSetCodec.Write(writer, result.Paths);
        writer.WriteUInt64(result.BytesFreed);
        writer.WriteUInt64(0);
    }
}
