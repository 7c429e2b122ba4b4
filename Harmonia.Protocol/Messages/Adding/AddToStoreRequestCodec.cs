using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages.Adding;

/// <summary>The request of AddToStore since 1.25; the reply is a path info. Before, see <see cref="OldAddToStoreRequestCodec"/>.</summary>
public static class AddToStoreRequestCodec
{
    // Nix: src/libstore/remote-store.cc, RemoteStore::addCAToStore
    //   string name · string method · set<path> references · bool repair · frames of data

    /// <summary>Writes the request up to the frames, which the caller sends through a <see cref="FramedWriter"/>.</summary>
    public static void Write(WireWriter writer, MessageContext context, AddToStoreRequest request)
    {
        writer.WriteString(request.Name);
        writer.WriteString(request.Method);
        StorePathCodec.WriteSet(writer, context, request.References);
        writer.WriteBool(request.Repair);
    }

    /// <summary>
    /// Reads the request up to the frames, which the caller reads to their end through a <see cref="FramedReader"/>. Name and
    /// method may be any bytes: what is wrong with them is said after the frames.
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
