using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages.Gc;

/// <summary>The request of AddPermRoot.</summary>
public static class AddPermRootRequestCodec
{
    // Nix: src/libstore/daemon.cc, performOp, AddPermRoot
    //   path · string link

    /// <summary>Reads the request.</summary>
    /// <exception cref="WireException">The bytes are not one.</exception>
    public static async ValueTask<AddPermRootRequest> ReadAsync(
        WireReader reader, MessageContext context, CancellationToken cancellationToken) => new(
            await StorePathCodec.ReadAsync(reader, context, cancellationToken),
            await reader.ReadBytesAsync(WireLimits.FilePath, cancellationToken));
}
