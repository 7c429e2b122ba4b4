using Harmonia.Daemon.Database;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Operations;

/// <summary>The derivation a valid path was built from, where known.</summary>
internal static class QueryDeriver
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        StorePath path = await StorePathCodec.ReadAsync(context.Reader, context.Messages, cancellationToken);
        UnkeyedValidPathInfo info = context.Database.QueryPathInfo(path) ?? throw new InvalidPathException(context.Messages.StoreDirectory, path);
        StorePathCodec.WriteOptional(context.BeginReply(), context.Messages, info.Deriver);
    }
}
