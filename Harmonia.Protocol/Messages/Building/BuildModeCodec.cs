using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages.Building;

/// <summary>The mode of a build.</summary>
internal static class BuildModeCodec
{
    // Nix: src/libstore/worker-protocol.cc, Serialise<BuildMode>
    //   u64 mode

    public static async ValueTask<BuildMode> ReadAsync(WireReader reader, CancellationToken cancellationToken)
    {
        byte mode = await reader.ReadByteAsync(cancellationToken);
        return mode <= (byte)BuildMode.Check ? (BuildMode)mode : throw new WireException($"A build mode is 0, 1 or 2, not {mode}.");
    }
}
