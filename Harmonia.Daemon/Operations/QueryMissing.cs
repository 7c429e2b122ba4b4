using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Queries;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Operations;

/// <summary>What would have to be built, and what nobody knows how to get.</summary>
internal static class QueryMissing
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        IReadOnlyList<DerivedPath> wanted =
            await DerivedPathCodec.ReadListAsync(context.Client.Reader, context.Client.Messages, cancellationToken);
        MissingPaths missing = new MissingPathsWalk(context).Run(wanted);
        MissingPathsCodec.Write(context.Client.BeginReply(), context.Client.Messages, missing);
    }
}
