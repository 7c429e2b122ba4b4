using System.Text;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages;

/// <summary>
/// The realisation of an output without <see cref="ProtocolFeatures.RealisationWithPathNotHash"/>; with it, see
/// <see cref="BuildTraceEntryCodec"/> and <see cref="UnkeyedRealisationCodec"/>.
/// </summary>
public static class RealisationCodec
{
    // Nix: 2.34, src/libstore/daemon.cc, performOp, RegisterDrvOutput; src/libstore/common-protocol.cc, Serialise<Realisation>
    //   since 1.31: string JSON
    //   before:     string "sha256:…!output" · string base name of outPath

    /// <summary>Reads the request of RegisterDrvOutput.</summary>
    /// <exception cref="WireException">The bytes are not one.</exception>
    public static async ValueTask<Realisation> ReadAsync(WireReader reader, MessageContext context, CancellationToken cancellationToken) =>
        context.Version.IsAtLeast(31) ? await ReadJsonAsync(reader, cancellationToken) : new Realisation
        {
            Id = await DrvOutputCodec.ReadAsync(reader, cancellationToken),
            OutPath = await StorePathCodec.ReadBaseNameAsync(reader, cancellationToken),
        };

    // Nix: 2.34, src/libstore/daemon.cc, performOp, QueryRealisation
    //   u64 count (0 or 1) · since 1.31: string JSON
    //                      · before:     path outPath

    /// <summary>Writes the reply to QueryRealisation; null if it is not known.</summary>
    public static void WriteOptional(WireWriter writer, MessageContext context, Realisation? realisation)
    {
        writer.WriteBool(realisation is not null);
        if (realisation is null)
        {
            return;
        }

        if (context.Version.IsAtLeast(31))
        {
            writer.WriteString(realisation.ToJson());
        }
        else
        {
            StorePathCodec.Write(writer, context, realisation.OutPath);
        }
    }

    /// <summary>Reads the reply to QueryRealisation; null if it is not known.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="context">The context of the connection.</param>
    /// <param name="id">The output of the request. Before 1.31 the reply does not repeat it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="WireException">The bytes are not one.</exception>
    public static async ValueTask<Realisation?> ReadOptionalAsync(
        WireReader reader, MessageContext context, DrvOutput id, CancellationToken cancellationToken)
    {
        if (!await reader.ReadPresenceAsync(cancellationToken))
        {
            return null;
        }

        return context.Version.IsAtLeast(31) ? await ReadJsonAsync(reader, cancellationToken) : new Realisation
        {
            Id = id,
            OutPath = await StorePathCodec.ReadAsync(reader, context, cancellationToken),
        };
    }

    internal static ValueTask<Realisation> ReadJsonAsync(WireReader reader, CancellationToken cancellationToken) => reader.ReadDecodedAsync(
        WireLimits.RealisationJson, 0, static (bytes, _) => Realisation.ParseJson(Encoding.UTF8.GetString(bytes)), cancellationToken);
}
