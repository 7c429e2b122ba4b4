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

    /// <summary>Reads the reply.</summary>
    /// <exception cref="WireException">The bytes are not one.</exception>
    public static async ValueTask<MissingPaths> ReadAsync(
        WireReader reader, MessageContext context, CancellationToken cancellationToken) => new()
        {
            WillBuild = await StorePathCodec.ReadSetAsync(reader, context, cancellationToken),
            WillSubstitute = await StorePathCodec.ReadSetAsync(reader, context, cancellationToken),
            Unknown = await StorePathCodec.ReadSetAsync(reader, context, cancellationToken),
            DownloadSize = await reader.ReadUInt64Async(cancellationToken),
            NarSize = await reader.ReadUInt64Async(cancellationToken),
        };
}
