using Harmonia.Protocol.Messages.Gc;
using Harmonia.Protocol.Messages.Handshake;

namespace Harmonia.Daemon.Operations;

/// <summary>Lists what keeps paths. A client that is not trusted is not told about processes.</summary>
internal static class FindRoots
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        bool censor = context.Client.Trust != Trust.Trusted;
        IReadOnlyList<GcRoot> roots = await BackgroundOperation.RunAsync(
            context.Client, (log, cancelled) => Task.FromResult(context.Store.Collector.Roots.FindAll(censor, log, cancelled)), cancellationToken);
        GcRootsCodec.Write(context.Client.BeginReply(), context.Client.Messages, roots);
    }
}
