using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Operations;

/// <summary>The valid derivations of which a path is an output.</summary>
internal static class QueryValidDerivers
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        StorePath path = await StorePathCodec.ReadAsync(context.Client.Reader, context.Client.Messages, cancellationToken);
        IReadOnlyList<StorePath> derivers = context.Store.Database.QueryValidDerivers(path);
        StorePathCodec.WriteSet(context.Client.BeginReply(), context.Client.Messages, derivers);
    }
}
