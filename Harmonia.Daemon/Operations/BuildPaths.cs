using Harmonia.Daemon.Database;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Building;

namespace Harmonia.Daemon.Operations;

/// <summary>Has the build delegate build or substitute paths. The first failure becomes the error.</summary>
internal static class BuildPaths
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        BuildPathsRequest request =
            await BuildPathsRequestCodec.ReadAsync(context.Client.Reader, context.Client.Messages, cancellationToken);
        await RealiseAsync(context, Operation.BuildPaths, request, cancellationToken);
        context.Client.BeginReply().WriteUInt64(1);
    }

    /// <summary>Returns when all paths are valid.</summary>
    /// <exception cref="RefusedException">A path can be neither built nor substituted.</exception>
    public static async Task RealiseAsync(
        OperationContext context, Operation operation, BuildPathsRequest request, CancellationToken cancellationToken)
    {
        foreach (KeyedBuildResult target in await new BuildTargets(context, operation).RealiseAsync(request, cancellationToken))
        {
            if (target.Result.ErrorMessage.Length > 0)
            {
                throw new RefusedException(target.Result.ErrorMessage);
            }
        }
    }
}
