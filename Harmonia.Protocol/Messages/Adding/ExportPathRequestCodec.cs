using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages.Adding;

/// <summary>The request of ExportPath.</summary>
public static class ExportPathRequestCodec
{
    // Nix: 2.31, src/libstore/daemon.cc, performOp, ExportPath
    //   path · bool sign (obsolete)

    /// <summary>Reads the request.</summary>
    /// <exception cref="WireException">The bytes are not one.</exception>
    public static async ValueTask<ExportPathRequest> ReadAsync(
        WireReader reader, MessageContext context, CancellationToken cancellationToken) => new(
            await StorePathCodec.ReadAsync(reader, context, cancellationToken),
            await reader.ReadBoolAsync(cancellationToken));
}
