using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Operations;

/// <summary>
/// The realisation of an output. Clients name the output by its derivation's hash or, with the protocol feature, by its path.
/// </summary>
internal static class QueryRealisation
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        if (context.Client.Messages.RealisationWithPathNotHash)
        {
            BuildTraceKey key = await BuildTraceKeyCodec.ReadAsync(context.Client.Reader, context.Client.Messages, cancellationToken);
            UnkeyedRealisation? realisation = context.Store.Database.QueryRealisation(key);
            UnkeyedRealisationCodec.WriteOptional(context.Client.BeginReply(), context.Client.Messages, realisation);
        }
        else
        {
            DrvOutput id = await DrvOutputCodec.ReadAsync(context.Client.Reader, cancellationToken);
            Realisation? realisation = context.Store.Database.QueryRealisation(id);
            RealisationCodec.WriteOptional(context.Client.BeginReply(), context.Client.Messages, realisation);
        }
    }
}
