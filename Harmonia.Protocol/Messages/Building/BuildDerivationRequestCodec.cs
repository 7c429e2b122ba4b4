using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages.Building;

/// <summary>The request of BuildDerivation; the reply is a build result.</summary>
public static class BuildDerivationRequestCodec
{
    // Nix: src/libstore/worker-protocol-connection.cc, putBuildDerivationRequest
    //   path · BasicDerivation · u64 mode

    /// <summary>Writes the request of the serve protocol, which has only one mode.</summary>
    public static void WriteWithoutMode(WireWriter writer, MessageContext context, BuildDerivationRequest request)
    {
        StorePathCodec.Write(writer, context, request.Path);
        BasicDerivationCodec.Write(writer, context, request.Derivation);
    }

    /// <summary>Reads the request.</summary>
    /// <exception cref="WireException">The bytes are not one.</exception>
    public static async ValueTask<BuildDerivationRequest> ReadAsync(
        WireReader reader, MessageContext context, CancellationToken cancellationToken) => new()
        {
            Path = await StorePathCodec.ReadAsync(reader, context, cancellationToken),
            Derivation = await BasicDerivationCodec.ReadAsync(reader, context, cancellationToken),
            Mode = await BuildModeCodec.ReadAsync(reader, cancellationToken),
        };
}
