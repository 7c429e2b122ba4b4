using Harmonia.Protocol.Messages.Gc;
using Harmonia.Protocol.Messages.Handshake;

namespace Harmonia.Daemon.Operations;

/// <summary>Lists the garbage collector roots. Untrusted clients do not learn which processes hold roots.</summary>
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
