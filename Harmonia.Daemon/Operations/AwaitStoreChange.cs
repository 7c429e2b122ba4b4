using Harmonia.Protocol.Messages.Queries;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Operations;

/// <summary>
/// Waits until the database changes, so that a cache learns that its entries are out of date. Each request also shows both sides that the
/// other is alive.
/// </summary>
internal static class AwaitStoreChange
{
    /// <summary>A daemon that stops waits for requests under way, so an idle one must end soon.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);

    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        AwaitStoreChangeRequest request =
            await AwaitStoreChangeRequestCodec.ReadAsync(context.Client.Reader, cancellationToken);
        await context.Client.Writer.FlushAsync(cancellationToken);
        TimeSpan patience = request.Patience < MaxWait ? request.Patience : MaxWait;
        StoreChange change = await context.Store.Changes.WaitAsync(request.Generation, patience, cancellationToken);
        if (change.Generation != request.Generation && !context.Client.Messages.HarmoniaChanges)
        {
            // The client looks up every path again at a new generation, even if no path has changed with it.
            change = change with { HashParts = null };
        }

        StoreChangeCodec.Write(context.Client.BeginReply(), context.Client.Messages, change);
    }
}
