using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages.Adding;

/// <summary>The request of AddTextToStore; the reply is a path.</summary>
public static class AddTextToStoreRequestCodec
{
    // Nix: src/libstore/daemon.cc, performOp, AddTextToStore
    //   string name · string text · set<path> references

    /// <summary>Reads the request.</summary>
    /// <exception cref="WireException">The bytes are not one, or the text is longer than <see cref="WireLimits.FileText"/>.</exception>
    public static async ValueTask<AddTextToStoreRequest> ReadAsync(
        WireReader reader, MessageContext context, CancellationToken cancellationToken) => new()
        {
            Name = await reader.ReadTextAsync(WireLimits.Name, cancellationToken),
            Text = await reader.ReadBytesAsync(WireLimits.FileText, cancellationToken),
            References = await StorePathCodec.ReadSetAsync(reader, context, cancellationToken),
        };
}
