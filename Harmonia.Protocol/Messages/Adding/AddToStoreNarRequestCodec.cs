using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages.Adding;

/// <summary>The request of AddToStoreNar. There is no reply.</summary>
public static class AddToStoreNarRequestCodec
{
    // Nix: src/libstore/remote-store.cc, RemoteStore::addToStore
    //   ValidPathInfo · bool repair · bool dontCheckSignatures
    //   · the NAR: since 1.23 in frames; 1.21 and 1.22 pulled by the daemon; before bare

    /// <summary>
    /// Writes the request up to the NAR, which the caller sends: through a <see cref="FramedWriter"/> since 1.23; at 1.21 and 1.22
    /// as answers to <see cref="StderrMessage.Read"/>; before as raw bytes.
    /// </summary>
    public static void Write(WireWriter writer, MessageContext context, AddToStoreNarRequest request)
    {
        ValidPathInfoCodec.Write(writer, context, request.Info);
        writer.WriteBool(request.Repair);
        writer.WriteBool(request.DontCheckSignatures);
    }

    /// <summary>
    /// Reads the request up to the NAR, which the caller reads: through a <see cref="FramedReader"/> since 1.23; at 1.21 and 1.22 through
    /// a <see cref="PulledReader"/>; before raw, parsing it to know where it ends.
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
