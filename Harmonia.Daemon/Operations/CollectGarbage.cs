using Harmonia.Daemon.Database;
using Harmonia.Daemon.Gc;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Gc;

namespace Harmonia.Daemon.Operations;

/// <summary>Lists or deletes garbage. Any client may. Nix: src/libstore/daemon.cc, performOp.</summary>
internal static class CollectGarbage
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        CollectGarbageRequest request =
            await CollectGarbageRequestCodec.ReadAsync(context.Client.Reader, context.Client.Messages, cancellationToken);
        bool knowsReferrers = context.Client.Messages.Features.Contains(ProtocolFeatures.DeleteDeadSpecificReferrers);
        Refuse(request, knowsReferrers);

        // Clients with this feature mean exactly these paths. Nix up to 2.34 applied keep-outputs and keep-derivations here too.
        KeepRules keep = request.Paths is not null && knowsReferrers ? default : context.Keep;
        CollectGarbageResult result = await BackgroundOperation.RunAsync(
            context.Client, (log, cancelled) => context.Store.Collector.CollectAsync(request, keep, log, cancelled), cancellationToken);
        await CollectGarbageResultCodec.WriteAsync(context.Client.BeginReply(), result, cancellationToken);
    }

    private static void Refuse(CollectGarbageRequest request, bool knowsReferrers)
    {
        if (request.IgnoreLiveness)
        {
            throw new RefusedException("you are not allowed to ignore liveness");
        }

        if (request is { Action: GcAction.DeleteSpecific, Paths: null })
        {
            throw new RefusedException("Cannot delete the entire store");
        }

        if (request is { Action: GcAction.DeleteDead, Paths: not null } && !knowsReferrers)
        {
            throw new RefusedException("Garbage collecting specific paths requested but it is not supported by the negotiated protocol");
        }
    }
}
