using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages.Adding;

/// <summary>The request of AddToStoreNar. There is no reply.</summary>
public static class AddToStoreNarRequestCodec
{
    // Nix: src/libstore/remote-store.cc, RemoteStore::addToStore
    //   ValidPathInfo · bool repair · bool dontCheckSignatures
    //   · the NAR: since 1.23 in frames; 1.21 and 1.22 pulled by the daemon; before bare

    /// <summary>
    /// Reads the request up to the NAR. The caller reads the NAR: since 1.23 with a <see cref="FramedReader"/>, in 1.21 and 1.22 with a
    /// <see cref="PulledReader"/>. Before, it reads raw bytes and parses them to find the end.
    /// </summary>
    /// <exception cref="WireException">The bytes are not a request.</exception>
    public static async ValueTask<AddToStoreNarRequest> ReadAsync(
        WireReader reader, MessageContext context, CancellationToken cancellationToken) => new()
        {
            Info = await ValidPathInfoCodec.ReadAsync(reader, context, cancellationToken),
            Repair = await reader.ReadBoolAsync(cancellationToken),
            DontCheckSignatures = await reader.ReadBoolAsync(cancellationToken),
        };
}
