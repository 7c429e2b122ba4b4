using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages;

/// <summary>A path and its metadata: the reply to AddToStore, and each path of an AddMultipleToStore.</summary>
public static class ValidPathInfoCodec
{
    // Nix: src/libstore/worker-protocol.cc, Serialise<ValidPathInfo>
    //   path · UnkeyedValidPathInfo

    /// <summary>Writes path and path info.</summary>
    public static void Write(WireWriter writer, MessageContext context, ValidPathInfo info)
    {
        StorePathCodec.Write(writer, context, info.Path);
        UnkeyedValidPathInfoCodec.Write(writer, context, info.Info);
    }

    /// <summary>Reads path and path info.</summary>
    /// <exception cref="WireException">The bytes are not one.</exception>
    public static async ValueTask<ValidPathInfo> ReadAsync(
        WireReader reader, MessageContext context, CancellationToken cancellationToken) => new()
        {
            Path = await StorePathCodec.ReadAsync(reader, context, cancellationToken),
            Info = await UnkeyedValidPathInfoCodec.ReadAsync(reader, context, cancellationToken),
        };
}
