using Harmonia.Daemon.Database;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Operations;

/// <summary>What a valid path refers to. Up to Nix 2.33.</summary>
internal static class QueryReferences
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        StorePath path = await StorePathCodec.ReadAsync(context.Reader, context.Messages, cancellationToken);
        UnkeyedValidPathInfo info = context.Database.QueryPathInfo(path) ?? throw new InvalidPathException(context.Messages.StoreDirectory, path);
        StorePathCodec.WriteSet(context.BeginReply(), context.Messages, info.References);
    }
}
