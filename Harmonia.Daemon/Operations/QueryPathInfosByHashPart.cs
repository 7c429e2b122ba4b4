using Harmonia.Protocol.Messages.Queries;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;

namespace Harmonia.Daemon.Operations;

/// <summary>The metadata of the paths with given hash parts: everything a binary cache needs, in one round trip.</summary>
internal static class QueryPathInfosByHashPart
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        IReadOnlyList<StorePathHash> hashParts =
            await StorePathHashCodec.ReadListAsync(context.Client.Reader, WireLimits.HashParts, cancellationToken);
        IReadOnlyList<ValidPathInfo?> infos = context.Store.Database.QueryPathInfos(hashParts);
        OptionalPathInfosCodec.Write(context.Client.BeginReply(), context.Client.Messages, infos);
    }
}
