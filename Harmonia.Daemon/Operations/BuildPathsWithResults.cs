using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Building;

namespace Harmonia.Daemon.Operations;

/// <summary>Has the build delegate build or substitute paths, and returns a result for each.</summary>
internal static class BuildPathsWithResults
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        BuildPathsRequest request =
            await BuildPathsRequestCodec.ReadAsync(context.Client.Reader, context.Client.Messages, cancellationToken);
        List<KeyedBuildResult> results =
            await new BuildTargets(context, Operation.BuildPathsWithResults).RealiseAsync(request, cancellationToken);
        KeyedBuildResultCodec.WriteList(context.Client.BeginReply(), context.Client.Messages, results);
    }
}
