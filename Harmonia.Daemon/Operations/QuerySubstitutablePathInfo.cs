using Harmonia.Protocol.Messages;

namespace Harmonia.Daemon.Operations;

/// <summary>The substituters' metadata of a path. This daemon has no substituters.</summary>
internal static class QuerySubstitutablePathInfo
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        _ = await StorePathCodec.ReadAsync(context.Client.Reader, context.Client.Messages, cancellationToken);
        context.Client.BeginReply().WriteBool(false);
    }
}
