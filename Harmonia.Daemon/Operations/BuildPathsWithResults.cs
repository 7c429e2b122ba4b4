using Harmonia.Protocol.Messages;

namespace Harmonia.Daemon.Operations;

/// <summary>Builds or substitutes, and says how it went for each; here everything has to be valid already.</summary>
internal static class BuildPathsWithResults
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        BuildPathsRequest request =
            await BuildPathsRequestCodec.ReadAsync(context.Reader, context.Messages, cancellationToken).ConfigureAwait(false);
        List<KeyedBuildResult> results = new BuildTargets(context, Operation.BuildPathsWithResults).Realise(request);
        KeyedBuildResultCodec.WriteList(context.BeginReply(), context.Messages, results);
    }
}
