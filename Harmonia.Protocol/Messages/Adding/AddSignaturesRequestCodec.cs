using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages.Adding;

/// <summary>The request of AddSignatures.</summary>
public static class AddSignaturesRequestCodec
{
    // Nix: src/libstore/remote-store.cc, RemoteStore::addSignatures
    //   path · set<string> signatures

    /// <summary>Writes the request.</summary>
    public static void Write(WireWriter writer, MessageContext context, AddSignaturesRequest request)
    {
        StorePathCodec.Write(writer, context, request.Path);
        StringSetCodec.Write(writer, request.Signatures);
    }

    /// <summary>Reads the request.</summary>
    /// <exception cref="WireException">The bytes are not one.</exception>
    public static async ValueTask<AddSignaturesRequest> ReadAsync(
        WireReader reader, MessageContext context, CancellationToken cancellationToken) => new(
            await StorePathCodec.ReadAsync(reader, context, cancellationToken),
            await StringSetCodec.ReadSignaturesAsync(reader, cancellationToken));
}
