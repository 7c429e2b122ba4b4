using Harmonia.Daemon.Database;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Operations;

/// <summary>What the store knows of a path. Clients before 1.17 are told of an invalid one by an error.</summary>
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
