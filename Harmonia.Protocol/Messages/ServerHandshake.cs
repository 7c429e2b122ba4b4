using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages;

/// <summary>The daemon's side of the handshake.</summary>
public static class ServerHandshake
{
    /// <summary>
    /// Shakes hands; afterwards the client may send requests, unless it was refused. The layout is at <see cref="Handshake"/>.
    /// </summary>
    /// <exception cref="WireException">The peer is no Nix client, or broke off.</exception>
    /// <exception cref="ProtocolVersionException">
    /// The client is too old. As from a real daemon it gets no error: it may not have one it could read.
    /// </exception>
    public static async Task<HandshakeResult> RunAsync(
        WireReader reader, WireWriter writer, ServerHandshakeOptions options, CancellationToken cancellationToken)
    {
        ulong magic = await reader.ReadUInt64Async(cancellationToken).ConfigureAwait(false);
        if (magic != Handshake.ClientMagic)
        {
            throw new WireException($"The peer is no Nix client: it begins with 0x{magic:x} instead of 0x{Handshake.ClientMagic:x}.");
        }

        writer.WriteUInt64(Handshake.ServerMagic);
        writer.WriteUInt64(options.Version.ToWire());
        await writer.FlushAsync(cancellationToken).ConfigureAwait(false);

        var client = ProtocolVersion.FromWire(await reader.ReadUInt32Async(cancellationToken).ConfigureAwait(false));
        var version = ProtocolVersion.Min(client, options.Version);
        if (version.CompareTo(ProtocolVersion.Minimum) < 0)
        {
            throw new ProtocolVersionException("client", client);
        }

        FeatureSet features = FeatureSet.Empty;
        if (version.IsAtLeast(Handshake.FeaturesSince))
        {
            features = options.Features.Intersect(await FeatureSetCodec.ReadAsync(reader, cancellationToken).ConfigureAwait(false));
            FeatureSetCodec.Write(writer, options.Features);
            await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        if (await reader.ReadBoolAsync(cancellationToken).ConfigureAwait(false))
        {
            _ = await reader.ReadUInt64Async(cancellationToken).ConfigureAwait(false); // the CPU
        }

        _ = await reader.ReadUInt64Async(cancellationToken).ConfigureAwait(false); // whether to reserve space

        if (version.IsAtLeast(Handshake.NixVersionSince))
        {
            writer.WriteString(options.NixVersion);
        }

        if (version.IsAtLeast(Handshake.TrustedSince))
        {
            TrustCodec.Write(writer, options.Trust);
        }

        StderrCodec.Write(
            writer, version, options.Refusal is null ? StderrMessage.Last.Instance : new StderrMessage.Failure(options.Refusal));
        await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
        return new HandshakeResult
        {
            Version = version,
            Features = features,
            PeerVersion = client,
            NixVersion = version.IsAtLeast(Handshake.NixVersionSince) ? options.NixVersion : null,
            Trust = options.Trust,
        };
    }
}
