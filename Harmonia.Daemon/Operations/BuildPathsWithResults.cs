using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Building;

namespace Harmonia.Daemon.Operations;

/// <summary>Builds or substitutes, by the delegate, and says how it went for each.</summary>
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
