using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages.Adding;

/// <summary>The request of ExportPath.</summary>
public static class ExportPathRequestCodec
{
    // Nix: 2.31, src/libstore/daemon.cc, performOp, ExportPath
    //   path · bool sign (obsolete)

    /// <summary>Writes the request.</summary>
    public static void Write(WireWriter writer, MessageContext context, ExportPathRequest request)
    {
        StorePathCodec.Write(writer, context, request.Path);
        writer.WriteBool(request.Sign);
    }

    /// <summary>Reads the request.</summary>
    /// <exception cref="WireException">The bytes are not one.</exception>
    public static async ValueTask<ExportPathRequest> ReadAsync(
        WireReader reader, MessageContext context, CancellationToken cancellationToken) => new(
            await StorePathCodec.ReadAsync(reader, context, cancellationToken),
            await reader.ReadBoolAsync(cancellationToken));
}
