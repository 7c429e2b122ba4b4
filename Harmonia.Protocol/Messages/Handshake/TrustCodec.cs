using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages.Handshake;

/// <summary>Whether the daemon trusts its client, in the handshake.</summary>
internal static class TrustCodec
{
    // Nix: src/libstore/worker-protocol.cc, Serialise<std::optional<TrustedFlag>>
    //   u64 0 (unknown), 1 (trusted) or 2 (not trusted)

    public static void Write(WireWriter writer, Trust trust) => writer.WriteUInt64((uint)trust);

    public static async ValueTask<Trust> ReadAsync(WireReader reader, CancellationToken cancellationToken)
    {
        byte trust = await reader.ReadByteAsync(cancellationToken);
        return trust <= (byte)Trust.NotTrusted ? (Trust)trust : throw new WireException($"A trusted flag is 0, 1 or 2, not {trust}.");
    }
}
