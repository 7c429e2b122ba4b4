using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Operations;

/// <summary>The derivation that a valid path was built from, if known.</summary>
internal static class QueryDeriver
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        StorePath path = await StorePathCodec.ReadAsync(context.Client.Reader, context.Client.Messages, cancellationToken);
        UnkeyedValidPathInfo info = context.GetPathInfo(path);
        StorePathCodec.WriteOptional(context.Client.BeginReply(), context.Client.Messages, info.Deriver);
    }
}
