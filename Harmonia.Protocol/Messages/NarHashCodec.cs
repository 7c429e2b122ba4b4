using System.Text;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages;

/// <summary>The hash of a NAR.</summary>
public static class NarHashCodec
{
    // Nix: src/libstore/worker-protocol.cc, Serialise<UnkeyedValidPathInfo>
    //   string 64 digits of base 16, without the algorithm

    /// <summary>Writes the hash in base 16.</summary>
    public static void Write(WireWriter writer, NarHash hash)
    {
        Span<byte> bytes = stackalloc byte[NarHash.ByteLength];
        hash.CopyTo(bytes);
        _ = Convert.TryToHexStringLower(bytes, writer.ReserveString(2 * NarHash.ByteLength), out _);
    }

    /// <summary>Reads a hash in any form, as Nix does.</summary>
    /// <exception cref="WireException">It is not a SHA-256 hash.</exception>
    public static ValueTask<NarHash> ReadAsync(WireReader reader, CancellationToken cancellationToken) =>
        reader.ReadDecodedAsync(WireLimits.Hash, 0, static (bytes, _) => NarHash.Parse(Encoding.UTF8.GetString(bytes)), cancellationToken);
}
