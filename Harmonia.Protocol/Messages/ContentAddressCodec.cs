using System.Text;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages;

/// <summary>A content address that may be absent.</summary>
internal static class ContentAddressCodec
{
    // Nix: src/libstore/common-protocol.cc, Serialise<std::optional<ContentAddress>>
    //   string content address ("" = none)

    /// <summary>Writes the content address, or an empty string.</summary>
    public static void WriteOptional(WireWriter writer, ContentAddress? address) => writer.WriteString(address?.ToString());

    /// <summary>Reads a content address, or null for an empty string.</summary>
    /// <exception cref="WireException">It is something else.</exception>
    public static ValueTask<ContentAddress?> ReadOptionalAsync(WireReader reader, CancellationToken cancellationToken) =>
        reader.ReadDecodedAsync(
            WireLimits.ContentAddress,
            0,
            static (bytes, _) => bytes.IsEmpty ? null : ContentAddress.Parse(Encoding.UTF8.GetString(bytes)),
            cancellationToken);
}
