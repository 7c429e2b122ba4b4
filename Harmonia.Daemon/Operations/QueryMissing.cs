using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Queries;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Operations;

/// <summary>Which derivations have to be built for some paths, and which paths can be neither built nor substituted.</summary>
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
