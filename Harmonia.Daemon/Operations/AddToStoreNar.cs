using Harmonia.Daemon.Adding;
using Harmonia.Protocol.Messages.Adding;
using Harmonia.Protocol.Wire;

namespace Harmonia.Daemon.Operations;

/// <summary>Adds one path from a NAR. The reply is empty.</summary>
internal static class AddToStoreNar
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        AddToStoreNarRequest request =
            await AddToStoreNarRequestCodec.ReadAsync(context.Client.Reader, context.Client.Messages, cancellationToken);
        await Upload.ReceiveNarAsync(context.Client, ReceiveAsync, cancellationToken);
        context.Client.BeginReply();

        async Task ReceiveAsync(Stream data)
        {
            using WireReader source = new(data);
            using StoreAddition addition = context.BeginAddition();
            NarImport import = new(context, addition, request.Repair, context.MustCheckSignatures(request.DontCheckSignatures));
            await import.AddAsync(source, request.Info, cancellationToken);
            await import.FlushAsync(cancellationToken);
        }
    }
}
