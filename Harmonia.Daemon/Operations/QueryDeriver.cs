using Harmonia.Daemon.Database;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Operations;

/// <summary>The derivation a valid path was built from, where known.</summary>
internal static class QueryDeriver
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        StorePath path = await StorePathCodec.ReadAsync(context.Client.Reader, context.Client.Messages, cancellationToken);
        UnkeyedValidPathInfo info = context.Store.Database.QueryPathInfo(path) ?? throw new InvalidPathException(context.Client.Messages.StoreDirectory, path);
        StorePathCodec.WriteOptional(context.Client.BeginReply(), context.Client.Messages, info.Deriver);
    }
}
