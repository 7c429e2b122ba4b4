using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages.Handshake;

/// <summary>The daemon's side of the handshake.</summary>
public static class ServerHandshake
{
    /// <summary>
    /// Runs the handshake. After it the client may send requests, unless it was refused. The layout is in <see cref="HandshakeLayout"/>.
    /// </summary>
    /// <exception cref="WireException">The peer is not a Nix client, or closed the connection.</exception>
    /// <exception cref="ProtocolVersionException">
    /// The client is too old. As with nix-daemon it gets no error, because it might not be able to read one.
    /// </exception>
    public static async Task<HandshakeResult> RunAsync(
        WireReader reader, WireWriter writer, ServerHandshakeOptions options, CancellationToken cancellationToken)
    {
        ulong magic = await reader.ReadUInt64Async(cancellationToken);
        if (magic != HandshakeLayout.ClientMagic)
        {
            throw new WireException($"The peer is not a Nix client: it begins with 0x{magic:x} instead of 0x{HandshakeLayout.ClientMagic:x}.");
        }

        writer.WriteUInt64(HandshakeLayout.ServerMagic);
        writer.WriteUInt64(options.Version.ToWire());
        await writer.FlushAsync(cancellationToken);

        ProtocolVersion client = ProtocolVersion.FromWire(await reader.ReadUInt32Async(cancellationToken));
        ProtocolVersion version = ProtocolVersion.Min(client, options.Version);
        if (version.CompareTo(ProtocolVersion.Minimum) < 0)
        {
            throw new ProtocolVersionException("client", client);
        }

        FeatureSet features = FeatureSet.Empty;
        if (version.IsAtLeast(HandshakeLayout.FeaturesSince))
        {
            features = options.Features.Intersect(await FeatureSetCodec.ReadAsync(reader, cancellationToken));
            FeatureSetCodec.Write(writer, options.Features);
            await writer.FlushAsync(cancellationToken);
        }

        if (await reader.ReadBoolAsync(cancellationToken))
        {
            _ = await reader.ReadUInt64Async(cancellationToken); // the CPU
        }

        _ = await reader.ReadUInt64Async(cancellationToken); // whether to reserve space

        if (version.IsAtLeast(HandshakeLayout.NixVersionSince))
        {
            writer.WriteString(options.NixVersion);
        }

        if (version.IsAtLeast(HandshakeLayout.TrustedSince))
        {
            TrustCodec.Write(writer, options.Trust);
        }

        StderrCodec.Write(
            writer, version, options.Refusal is null ? StderrMessage.Last.Instance : new StderrMessage.Failure(options.Refusal));
        await writer.FlushAsync(cancellationToken);
        return new HandshakeResult
        {
            Version = version,
            Features = features,
            PeerVersion = client,
            NixVersion = version.IsAtLeast(HandshakeLayout.NixVersionSince) ? options.NixVersion : null,
            Trust = options.Trust,
        };
    }
}
