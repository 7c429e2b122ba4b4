using System.Text;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages;

/// <summary>
/// An output by derivation path: the request of QueryRealisation with <see cref="ProtocolFeatures.RealisationWithPathNotHash"/>.
/// </summary>
public static class BuildTraceKeyCodec
{
    // Nix: src/libstore/worker-protocol.cc, Serialise<DrvOutput>
    //   path derivation · string output

    /// <summary>Writes the output.</summary>
    public static void Write(WireWriter writer, MessageContext context, BuildTraceKey key)
    {
        StorePathCodec.Write(writer, context, key.Derivation);
        writer.WriteString(key.OutputName);
    }

    /// <summary>Reads an output.</summary>
    /// <exception cref="WireException">The bytes are not one.</exception>
    public static async ValueTask<BuildTraceKey> ReadAsync(WireReader reader, MessageContext context, CancellationToken cancellationToken)
    {
        StorePath derivation = await StorePathCodec.ReadAsync(reader, context, cancellationToken);
        return await reader.ReadDecodedAsync(
            WireLimits.Name,
            derivation,
            static (bytes, derivation) => new BuildTraceKey(derivation, Encoding.UTF8.GetString(bytes)),
            cancellationToken);
    }
}
