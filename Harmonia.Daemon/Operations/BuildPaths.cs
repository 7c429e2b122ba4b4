using Harmonia.Daemon.Store;
using Harmonia.Protocol.Messages;

namespace Harmonia.Daemon.Operations;

/// <summary>Builds or substitutes; here everything has to be valid already.</summary>
internal static class BuildPaths
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        BuildPathsRequest request =
            await BuildPathsRequestCodec.ReadAsync(context.Reader, context.Messages, cancellationToken).ConfigureAwait(false);
        foreach (KeyedBuildResult target in new BuildTargets(context, Operation.BuildPaths).Realise(request))
        {
            if (target.Result.ErrorMessage.Length > 0)
            {
                throw new RefusedException(target.Result.ErrorMessage);
            }
        }

        context.BeginReply().WriteUInt64(1);
    }
}
