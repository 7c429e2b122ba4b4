using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Operations;

/// <summary>What an output turned out to be. Clients name it by the hash of its derivation, or, with the feature for it, by the path.</summary>
internal static class QueryRealisation
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        if (context.Messages.RealisationWithPathNotHash)
        {
            BuildTraceKey key = await BuildTraceKeyCodec.ReadAsync(context.Reader, context.Messages, cancellationToken);
            UnkeyedRealisation? realisation = context.Database.QueryRealisation(key);
            UnkeyedRealisationCodec.WriteOptional(context.BeginReply(), context.Messages, realisation);
        }
        else
        {
            DrvOutput id = await DrvOutputCodec.ReadAsync(context.Reader, cancellationToken);
            Realisation? realisation = context.Database.QueryRealisation(id);
            RealisationCodec.WriteOptional(context.BeginReply(), context.Messages, realisation);
        }
    }
}
