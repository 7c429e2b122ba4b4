using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Operations;

/// <summary>What an output turned out to be. Clients name it by the hash of its derivation, or, with the feature for it, by the path.</summary>
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
