using Harmonia.Protocol.Messages.Queries;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Operations;

/// <summary>The substituters' metadata of many paths. This daemon has no substituters.</summary>
internal static class QuerySubstitutablePathInfos
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        _ = await SubstitutablePathInfoCodec.ReadRequestAsync(context.Client.Reader, context.Client.Messages, cancellationToken);
        SubstitutablePathInfoCodec.WriteMap(context.Client.BeginReply(), context.Client.Messages, new Dictionary<StorePath, SubstitutablePathInfo>());
    }
}
