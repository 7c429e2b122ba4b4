using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages.Handshake;

/// <summary>The client's side of the handshake.</summary>
public static class ClientHandshake
{
    /// <summary>Shakes hands; the connection is ready for requests afterwards. The layout is at <see cref="HandshakeLayout"/>.</summary>
    /// <exception cref="WireException">The peer is no Nix daemon, or broke off.</exception>
    /// <exception cref="ProtocolVersionException">The daemon is too old, or of another major version.</exception>
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
            throw new WireException($"The peer is no Nix daemon: it begins with 0x{magic:x} instead of 0x{HandshakeLayout.ServerMagic:x}.");
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

    /// <summary>Reads up to the end of the first stderr phase. Warnings in it (of the daemon's start) are nobody's business here.</summary>
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
