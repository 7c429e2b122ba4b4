using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Operations;

/// <summary>All valid paths.</summary>
internal static class QueryAllValidPaths
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        IReadOnlyList<StorePath> paths = context.Store.Database.QueryAllValidPaths();
        await StorePathCodec.WriteSetAsync(context.Client.BeginReply(), context.Client.Messages, paths, cancellationToken);
    }
}
