using Harmonia.Daemon.Database;
using Harmonia.Protocol.Messages.Gc;
using Harmonia.Protocol.Messages.Handshake;
using Harmonia.Protocol.Messages.Stderr;

namespace Harmonia.Daemon.Operations;

/// <summary>
/// Compares the database with the files of the store. Every client can make paths invalid whose files are gone. Only a trusted client may
/// request a repair.
/// </summary>
internal static class VerifyStore
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        VerifyStoreRequest request = await VerifyStoreRequestCodec.ReadAsync(context.Client.Reader, cancellationToken);
        if (request.Repair && context.Client.Trust != Trust.Trusted)
        {
            throw new RefusedException("you are not privileged to repair paths");
        }

        bool hasErrors;
        using (Activity activity = await Activity.StartAsync(context.Client, ActivityType.VerifyPaths, cancellationToken))
        {
            hasErrors = await new StoreVerification(context, activity, request).RunAsync(cancellationToken);
        }

        context.Client.BeginReply().WriteBool(hasErrors);
    }
}
