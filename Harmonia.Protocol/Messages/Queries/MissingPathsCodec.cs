using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages.Queries;

/// <summary>The reply to QueryMissing.</summary>
public static class MissingPathsCodec
{
    // Nix: src/libstore/daemon.cc, performOp, QueryMissing
    //   set<path> willBuild · set<path> willSubstitute · set<path> unknown · u64 downloadSize · u64 narSize

    /// <summary>Writes the reply.</summary>
    public static void Write(WireWriter writer, MessageContext context, MissingPaths missing)
    {
        StorePathCodec.WriteSet(writer, context, missing.WillBuild);
        StorePathCodec.WriteSet(writer, context, missing.WillSubstitute);
        StorePathCodec.WriteSet(writer, context, missing.Unknown);
        writer.WriteUInt64(missing.DownloadSize);
        writer.WriteUInt64(missing.NarSize);
    }
}
