using Harmonia.Protocol.Messages;

namespace Harmonia.Daemon.Operations;

/// <summary>Which of many paths a substituter has. This daemon has no substituters.</summary>
internal static class QuerySubstitutablePaths
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        _ = await StorePathCodec.ReadSetAsync(context.Client.Reader, context.Client.Messages, cancellationToken);
        StorePathCodec.WriteSet(context.Client.BeginReply(), context.Client.Messages, []);
    }
}
