using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages;

/// <summary>The request of RegisterDrvOutput with <see cref="ProtocolFeatures.RealisationWithPathNotHash"/>. There is no reply.</summary>
public static class BuildTraceEntryCodec
{
    // Nix: src/libstore/worker-protocol.cc, Serialise<Realisation>
    //   path derivation · string output · path outPath · set<string> signatures

    /// <summary>Reads an entry.</summary>
    /// <exception cref="WireException">The bytes are not one.</exception>
    public static async ValueTask<BuildTraceEntry> ReadAsync(
        WireReader reader, MessageContext context, CancellationToken cancellationToken) => new(
        await BuildTraceKeyCodec.ReadAsync(reader, context, cancellationToken),
        await UnkeyedRealisationCodec.ReadAsync(reader, context, cancellationToken));
}
