using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Building;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Operations;

/// <summary>Makes a path valid: has the build delegate substitute it if it is not.</summary>
internal static class EnsurePath
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        StorePath path = await StorePathCodec.ReadAsync(context.Client.Reader, context.Client.Messages, cancellationToken);
        await BuildPaths.RealiseAsync(context, Operation.EnsurePath, new BuildPathsRequest([new DerivedPath.Opaque(path)], BuildMode.Normal), cancellationToken);
        context.Client.BeginReply().WriteUInt64(1);
    }
}
