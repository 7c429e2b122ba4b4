using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages;

/// <summary>The realisation of an output with <see cref="ProtocolFeatures.RealisationWithPathNotHash"/>.</summary>
public static class UnkeyedRealisationCodec
{
    // Nix: src/libstore/worker-protocol.cc, Serialise<UnkeyedRealisation>
    //   path outPath · set<string> signatures

    /// <summary>Writes the realisation.</summary>
    public static void Write(WireWriter writer, MessageContext context, UnkeyedRealisation realisation)
    {
        StorePathCodec.Write(writer, context, realisation.OutPath);
        StringSetCodec.Write(writer, realisation.Signatures);
    }

    /// <summary>Reads a realisation.</summary>
    /// <exception cref="WireException">The bytes are not one.</exception>
    public static async ValueTask<UnkeyedRealisation> ReadAsync(
        WireReader reader, MessageContext context, CancellationToken cancellationToken) => new()
        {
            OutPath = await StorePathCodec.ReadAsync(reader, context, cancellationToken),
            Signatures = await StringSetCodec.ReadSignaturesAsync(reader, cancellationToken),
        };

    // Nix: src/libstore/worker-protocol.cc, Serialise<std::optional<UnkeyedRealisation>>
    //   u64 0 or 1 · if 1: realisation

    /// <summary>Writes the reply to QueryRealisation; null if it is not known.</summary>
    public static void WriteOptional(WireWriter writer, MessageContext context, UnkeyedRealisation? realisation)
    {
        writer.WriteBool(realisation is not null);
        if (realisation is not null)
        {
            Write(writer, context, realisation);
        }
    }

    /// <summary>Reads the reply to QueryRealisation; null if it is not known.</summary>
    /// <exception cref="WireException">The bytes are not one.</exception>
    public static async ValueTask<UnkeyedRealisation?> ReadOptionalAsync(
        WireReader reader, MessageContext context, CancellationToken cancellationToken) =>
        await reader.ReadPresenceAsync(cancellationToken)
            ? await ReadAsync(reader, context, cancellationToken)
            : null;
}
