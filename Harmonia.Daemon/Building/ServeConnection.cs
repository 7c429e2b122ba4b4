using System.Globalization;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Building;
using Harmonia.Protocol.Messages.Handshake;
using Harmonia.Protocol.Wire;

namespace Harmonia.Daemon.Building;

/// <summary>
/// Builds one derivation through <c>nix-store --serve --write</c>, which accepts derivations that are not in the store.
/// Nix: src/nix/nix-store/nix-store.cc, opServe; src/libstore/serve-protocol.cc.
/// </summary>
internal static class ServeConnection
{
    private const ulong ClientMagic = 0x390c9deb;
    private const ulong ServerMagic = 0x5452eecb;
    private const ulong Version = 0x206;
    private const ulong BuildDerivation = 8;

    /// <summary>Sends the derivation and reads the result.</summary>
    /// <exception cref="WireException">The program sent an invalid reply, or none.</exception>
    public static async Task<BuildResult> BuildAsync(
        DelegateProcess process, BuildDerivationRequest request, MessageContext context, ClientOptions options, CancellationToken cancellationToken)
    {
        using WireWriter writer = new(process.Input);
        using WireReader reader = new(process.Output);
        writer.WriteUInt64(ClientMagic);
        writer.WriteUInt64(Version);
        writer.WriteUInt64(BuildDerivation);
        BuildDerivationRequestCodec.WriteWithoutMode(writer, context, request);

        // max-silent-time, timeout, max-build-log-size, then two options that Nix no longer uses: repetitions and their check.
        writer.WriteUInt64(options.MaxSilentTime);
        writer.WriteUInt64(Number(options, "timeout"));
        writer.WriteUInt64(Number(options, "max-build-log-size"));
        writer.WriteUInt64(0);
        writer.WriteUInt64(0);
        await writer.FlushAsync(cancellationToken);

        ulong magic = await reader.ReadUInt64Async(cancellationToken);
        ulong version = await reader.ReadUInt64Async(cancellationToken);
        if (magic != ServerMagic || version < Version)
        {
            throw new WireException($"The build delegate does not speak Nix's serve protocol 2.6: expected {ServerMagic:x} and {Version:x}, but got {magic:x} and {version:x}.");
        }

        // The layout is that of the worker protocol before it had CPU times.
        MessageContext layout = context with { Version = new ProtocolVersion(1, 35), Features = FeatureSet.Empty };
        return await BuildResultCodec.ReadAsync(reader, layout, cancellationToken);
    }

    /// <summary>The value that the client has set; 0, which means no limit, if it has set none.</summary>
    private static ulong Number(ClientOptions options, string name) =>
        ulong.TryParse(options.Overrides.GetValueOrDefault(name), NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) ? number : 0;
}
