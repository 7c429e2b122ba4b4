using Harmonia.Protocol.Messages.Queries;

namespace Harmonia.Daemon.Operations;

/// <summary>The substituters' metadata of many paths. This daemon has no substituters.</summary>
internal static class QuerySubstitutablePathInfos
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        _ = await SubstitutablePathInfosRequestCodec.ReadAsync(context.Client.Reader, context.Client.Messages, cancellationToken);
        context.Client.BeginReply().WriteUInt64(0);
    }
}
