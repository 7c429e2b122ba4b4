using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages.Handshake;

/// <summary>The client's side of the handshake.</summary>
internal static class ClientHandshake
{
    /// <summary>Runs the handshake. The connection is then ready for requests. The layout is in <see cref="HandshakeLayout"/>.</summary>
    /// <exception cref="WireException">The peer is not a Nix daemon, or closed the connection.</exception>
    /// <exception cref="ProtocolVersionException">The daemon is too old, or has another major version.</exception>
    /// <exception cref="RemoteErrorException">The daemon refused to serve; it closes the connection.</exception>
    public static async Task<HandshakeResult> RunAsync(
        WireReader reader, WireWriter writer, ClientHandshakeOptions options, CancellationToken cancellationToken)
    {
        writer.WriteUInt64(HandshakeLayout.ClientMagic);
        writer.WriteUInt64(options.Version.ToWire());
        await writer.FlushAsync(cancellationToken);

        ulong magic = await reader.ReadUInt64Async(cancellationToken);
        if (magic != HandshakeLayout.ServerMagic)
        {
            throw new WireException($"The peer is not a Nix daemon: it begins with 0x{magic:x} instead of 0x{HandshakeLayout.ServerMagic:x}.");
        }

        ProtocolVersion server = ProtocolVersion.FromWire(await reader.ReadUInt32Async(cancellationToken));
        if (server.Major != ProtocolVersion.Current.Major || server.CompareTo(ProtocolVersion.Minimum) < 0)
        {
            throw new ProtocolVersionException("server", server);
        }

        ProtocolVersion version = ProtocolVersion.Min(server, options.Version);
        FeatureSet features = FeatureSet.Empty;
        if (version.IsAtLeast(HandshakeLayout.FeaturesSince))
        {
            FeatureSetCodec.Write(writer, options.Features);
            await writer.FlushAsync(cancellationToken);
            features = options.Features.Intersect(await FeatureSetCodec.ReadAsync(reader, cancellationToken));
        }

        writer.WriteBool(false); // no CPU
        writer.WriteBool(false); // no space to reserve
        await writer.FlushAsync(cancellationToken);

        string? nixVersion = version.IsAtLeast(HandshakeLayout.NixVersionSince)
            ? await reader.ReadTextAsync(WireLimits.Name, cancellationToken)
            : null;
        Trust trust = version.IsAtLeast(HandshakeLayout.TrustedSince)
            ? await TrustCodec.ReadAsync(reader, cancellationToken)
            : Trust.Unknown;

        await ReadVerdictAsync(reader, version, cancellationToken);
        return new HandshakeResult
        {
            Version = version,
            Features = features,
            PeerVersion = server,
            NixVersion = nixVersion,
            Trust = trust,
        };
    }

    /// <summary>Reads to the end of the first stderr phase and ignores the warnings in it, which are about the start of the daemon.</summary>
    private static async ValueTask ReadVerdictAsync(WireReader reader, ProtocolVersion version, CancellationToken cancellationToken)
    {
        while (true)
        {
            switch (await StderrCodec.ReadAsync(reader, version, cancellationToken))
            {
                case StderrMessage.Last:
                    return;
                case StderrMessage.Failure failure:
                    throw new RemoteErrorException(failure.Error);
                case StderrMessage.Read or StderrMessage.Write:
                    throw new WireException("The server asks for data, or sends some, during the handshake.");
            }
        }
    }
}
