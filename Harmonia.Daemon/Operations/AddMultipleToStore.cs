using Harmonia.Daemon.Adding;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Adding;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;

namespace Harmonia.Daemon.Operations;

/// <summary>Adds many paths from one stream, each after the paths it refers to. The reply is empty.</summary>
internal static class AddMultipleToStore
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        AddMultipleToStoreRequest request = await AddMultipleToStoreRequestCodec.ReadAsync(context.Client.Reader, cancellationToken);
        await Upload.ReceiveFramedAsync(context.Client, ReceiveAsync, cancellationToken);
        context.Client.BeginReply();

        async Task ReceiveAsync(Stream data)
        {
            using WireReader source = new(data);
            using StoreAddition addition = context.BeginAddition();
            NarImport import = new(context, addition, request.Repair, context.MustCheckSignatures(request.DontCheckSignatures));
            try
            {
                await AddAllAsync(context, source, import, cancellationToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // As in Nix, the paths before a refused one stay.
                await import.FlushAsync(cancellationToken);
                throw;
            }

            await import.FlushAsync(cancellationToken);
        }
    }

    private static async Task AddAllAsync(OperationContext context, WireReader source, NarImport import, CancellationToken cancellationToken)
    {
        MessageContext messages = context.Client.Messages.InsideAddMultipleToStore;
        int count = await source.ReadCountAsync(WireLimits.StorePaths, cancellationToken);
        for (int i = 0; i < count; i++)
        {
            source.BeginMessage(WireLimits.Request);
            ValidPathInfo info = await ValidPathInfoCodec.ReadAsync(source, messages, cancellationToken);
            await import.AddAsync(source, info with { Info = info.Info with { Ultimate = false } }, cancellationToken);
        }
    }
}
