using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Operations;

/// <summary>Protects a path, valid or not, from the garbage collector until the connection closes.</summary>
internal static class AddTempRoot
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        StorePath path = await StorePathCodec.ReadAsync(context.Client.Reader, context.Client.Messages, cancellationToken);
        await context.AddTempRootAsync(path, cancellationToken);
        context.Client.BeginReply().WriteUInt64(1);
    }
}
