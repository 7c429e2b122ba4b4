using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages.Building;

/// <summary>The request of BuildPaths and of BuildPathsWithResults.</summary>
public static class BuildPathsRequestCodec
{
    // Nix: src/libstore/daemon.cc, performOp, BuildPaths and BuildPathsWithResults
    //   list<DerivedPath> paths · u64 mode

    /// <summary>Reads the request.</summary>
    /// <exception cref="WireException">The bytes are not one.</exception>
    public static async ValueTask<BuildPathsRequest> ReadAsync(
        WireReader reader, MessageContext context, CancellationToken cancellationToken) => new(
            await DerivedPathCodec.ReadListAsync(reader, context, cancellationToken),
            await BuildModeCodec.ReadAsync(reader, cancellationToken));
}
