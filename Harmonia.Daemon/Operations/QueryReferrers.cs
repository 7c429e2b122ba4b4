using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Operations;

/// <summary>The valid paths that refer to a path. Empty for an invalid path.</summary>
internal static class QueryReferrers
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        StorePath path = await StorePathCodec.ReadAsync(context.Client.Reader, context.Client.Messages, cancellationToken);
        IReadOnlyList<StorePath> referrers = context.Store.Database.QueryReferrers(path);
        await StorePathCodec.WriteSetAsync(context.Client.BeginReply(), context.Client.Messages, referrers, cancellationToken);
    }
}
