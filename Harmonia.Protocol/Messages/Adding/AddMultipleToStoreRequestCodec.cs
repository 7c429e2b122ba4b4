using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages.Adding;

/// <summary>The request of AddMultipleToStore. There is no reply.</summary>
public static class AddMultipleToStoreRequestCodec
{
    // Nix: src/libstore/remote-store.cc, RemoteStore::addMultipleToStore; src/libstore/daemon.cc, performOp
    //   bool repair · bool dontCheckSignatures · in frames: u64 count · each: ValidPathInfo as in 1.16, a NAR, which ends itself

    /// <summary>
    /// Writes the request up to the frames. In them the caller writes path infos with
    /// <see cref="MessageContext.InsideAddMultipleToStore"/>.
    /// </summary>
    public static void Write(WireWriter writer, AddMultipleToStoreRequest request)
    {
        writer.WriteBool(request.Repair);
        writer.WriteBool(request.DontCheckSignatures);
    }

    /// <summary>
    /// Reads the request up to the frames. On those the caller sets up a reader of its own, and reads path infos with
    /// <see cref="MessageContext.InsideAddMultipleToStore"/>.
    /// </summary>
    /// <exception cref="WireException">The bytes are not a request.</exception>
    public static async ValueTask<AddMultipleToStoreRequest> ReadAsync(WireReader reader, CancellationToken cancellationToken) => new(
        await reader.ReadBoolAsync(cancellationToken),
        await reader.ReadBoolAsync(cancellationToken));
}
