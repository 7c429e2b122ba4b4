using Harmonia.Daemon.Database;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Operations;

/// <summary>The metadata of a path. Clients before protocol 1.17 get an error for an invalid path.</summary>
internal static class QueryPathInfo
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        StorePath path = await StorePathCodec.ReadAsync(context.Client.Reader, context.Client.Messages, cancellationToken);
        PathInfoCache cache = context.Store.PathInfos;
        UnkeyedValidPathInfo? info = cache.Find(path, context.PathInfoGeneration ??= cache.Look());
        UnkeyedValidPathInfoCodec.WriteOptional(context.Client.BeginReply(), context.Client.Messages, info);
    }
}
