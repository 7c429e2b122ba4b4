using Harmonia.Protocol.Messages;

namespace Harmonia.Daemon.Operations;

/// <summary>Which of many paths a substituter has. There are no substituters.</summary>
internal static class QuerySubstitutablePaths
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        _ = await StorePathCodec.ReadSetAsync(context.Reader, context.Messages, cancellationToken);
        StorePathCodec.WriteSet(context.BeginReply(), context.Messages, []);
    }
}
