using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages.Gc;

/// <summary>The request of VerifyStore.</summary>
public static class VerifyStoreRequestCodec
{
    // Nix: src/libstore/remote-store.cc, RemoteStore::verifyStore
    //   bool checkContents · bool repair

    /// <summary>Reads the request.</summary>
    /// <exception cref="WireException">The bytes are not one.</exception>
    public static async ValueTask<VerifyStoreRequest> ReadAsync(WireReader reader, CancellationToken cancellationToken) => new(
        await reader.ReadBoolAsync(cancellationToken),
        await reader.ReadBoolAsync(cancellationToken));
}
