using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages.Adding;

/// <summary>The request of AddSignatures.</summary>
public static class AddSignaturesRequestCodec
{
    // Nix: src/libstore/remote-store.cc, RemoteStore::addSignatures
    //   path · set<string> signatures

    /// <summary>Reads the request.</summary>
    /// <exception cref="WireException">The bytes are not one.</exception>
    public static async ValueTask<AddSignaturesRequest> ReadAsync(
        WireReader reader, MessageContext context, CancellationToken cancellationToken) => new(
            await StorePathCodec.ReadAsync(reader, context, cancellationToken),
            await StringSetCodec.ReadSignaturesAsync(reader, cancellationToken));
}
