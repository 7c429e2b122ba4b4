using Harmonia.Daemon.Database;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Handshake;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Operations;

/// <summary>Stores the log of a build that ran elsewhere.</summary>
internal static class AddBuildLog
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        StorePath derivation = await StorePathCodec.ReadBaseNameAsync(context.Client.Reader, cancellationToken);
        await Upload.ReceiveFramedAsync(context.Client, ReceiveAsync, cancellationToken);
        context.Client.BeginReply().WriteUInt64(1);

        Task ReceiveAsync(Stream data) => context.Client.Trust == Trust.Trusted
            ? context.Store.Logs.AddAsync(derivation, data, cancellationToken)
            : throw new RefusedException("you are not privileged to add logs");
    }
}
