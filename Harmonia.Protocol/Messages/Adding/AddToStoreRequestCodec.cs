using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages.Adding;

/// <summary>The request of AddToStore since 1.25; the reply is a path info. Before, see <see cref="OldAddToStoreRequestCodec"/>.</summary>
public static class AddToStoreRequestCodec
{
    // Nix: src/libstore/remote-store.cc, RemoteStore::addCAToStore
    //   string name · string method · set<path> references · bool repair · frames of data

    /// <summary>
    /// Reads the request up to the frames. The caller reads the frames to their end with a <see cref="FramedReader"/>. Name and method may be
    /// any bytes: the daemon reports errors in them after the frames.
    /// </summary>
    /// <exception cref="WireException">The bytes are not a request.</exception>
    public static async ValueTask<AddToStoreRequest> ReadAsync(
        WireReader reader, MessageContext context, CancellationToken cancellationToken) => new()
        {
            Name = await reader.ReadTextAsync(WireLimits.Name, cancellationToken),
            Method = await reader.ReadTextAsync(WireLimits.Name, cancellationToken),
            References = await StorePathCodec.ReadSetAsync(reader, context, cancellationToken),
            Repair = await reader.ReadBoolAsync(cancellationToken),
        };
}
