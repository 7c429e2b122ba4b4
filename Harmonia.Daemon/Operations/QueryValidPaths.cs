using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Queries;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Operations;

/// <summary>Which of many paths are valid. The others cannot be substituted: this daemon has no substituters.</summary>
internal static class QueryValidPaths
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        QueryValidPathsRequest request =
            await QueryValidPathsRequestCodec.ReadAsync(context.Client.Reader, context.Client.Messages, cancellationToken);
        IReadOnlyList<StorePath> valid = context.Store.Database.QueryValidPaths(request.Paths);
        await StorePathCodec.WriteSetAsync(context.Client.BeginReply(), context.Client.Messages, valid, cancellationToken);
    }
}
