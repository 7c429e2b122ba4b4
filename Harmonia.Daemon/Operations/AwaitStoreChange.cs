using Harmonia.Protocol.Messages.Queries;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Operations;

/// <summary>
/// Waits for a change of the database: how a cache learns that what it remembers is out of date. Each request also tells both sides that
/// the other is still there.
/// </summary>
internal static class AwaitStoreChange
{
    /// <summary>A daemon that is to stop waits for requests under way, so none may take long for nothing.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);

    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        AwaitStoreChangeRequest request =
            await AwaitStoreChangeRequestCodec.ReadAsync(context.Client.Reader, cancellationToken);
        await context.Client.Writer.FlushAsync(cancellationToken);
        TimeSpan patience = request.Patience < MaxWait ? request.Patience : MaxWait;
        ulong generation = await context.Store.Changes.WaitAsync(request.Generation, patience, cancellationToken);
        StoreChange change = new(generation, generation == request.Generation ? [] : null);
        StoreChangeCodec.Write(context.Client.BeginReply(), context.Client.Messages, change);
    }
}
