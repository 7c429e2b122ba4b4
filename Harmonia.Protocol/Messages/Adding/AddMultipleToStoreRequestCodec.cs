using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages.Adding;

/// <summary>The request of AddMultipleToStore. There is no reply.</summary>
public static class AddMultipleToStoreRequestCodec
{
    // Nix: src/libstore/remote-store.cc, RemoteStore::addMultipleToStore; src/libstore/daemon.cc, performOp
    //   bool repair · bool dontCheckSignatures · in frames: u64 count · each: ValidPathInfo as in 1.16, a NAR, which ends itself

    /// <summary>
    /// Reads the request up to the frames. The caller reads them with a reader of its own, and the path infos in them with
    /// <see cref="MessageContext.InsideAddMultipleToStore"/>.
    /// </summary>
    /// <exception cref="WireException">The bytes are not a request.</exception>
    public static async ValueTask<AddMultipleToStoreRequest> ReadAsync(WireReader reader, CancellationToken cancellationToken) => new(
        await reader.ReadBoolAsync(cancellationToken),
        await reader.ReadBoolAsync(cancellationToken));
}
