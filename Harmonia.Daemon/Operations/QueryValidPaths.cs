using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Queries;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Operations;

/// <summary>Which of many paths are valid. There is nothing to substitute the others from.</summary>
internal static class QueryValidPaths
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        QueryValidPathsRequest request =
            await QueryValidPathsRequestCodec.ReadAsync(context.Reader, context.Messages, cancellationToken);
        IReadOnlyList<StorePath> valid = context.Database.QueryValidPaths(request.Paths);
        await StorePathCodec.WriteSetAsync(context.BeginReply(), context.Messages, valid, cancellationToken);
    }
}
