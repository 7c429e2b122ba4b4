using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages.Gc;

/// <summary>The request of VerifyStore.</summary>
public static class VerifyStoreRequestCodec
{
    // Nix: src/libstore/remote-store.cc, RemoteStore::verifyStore
    //   bool checkContents · bool repair

    /// <summary>Writes the request.</summary>
    public static void Write(WireWriter writer, VerifyStoreRequest request)
    {
        writer.WriteBool(request.CheckContents);
        writer.WriteBool(request.Repair);
    }

    /// <summary>Reads the request.</summary>
    /// <exception cref="WireException">The bytes are not one.</exception>
    public static async ValueTask<VerifyStoreRequest> ReadAsync(WireReader reader, CancellationToken cancellationToken) => new(
        await reader.ReadBoolAsync(cancellationToken),
        await reader.ReadBoolAsync(cancellationToken));
}
