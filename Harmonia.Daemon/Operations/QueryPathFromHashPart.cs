using Harmonia.Daemon.Database;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;

namespace Harmonia.Daemon.Operations;

/// <summary>The valid path with a given hash part.</summary>
internal static class QueryPathFromHashPart
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        string text = await context.Client.Reader.ReadTextAsync(WireLimits.Name, cancellationToken);
        if (text.Length != StorePathHash.Length)
        {
            throw new RefusedException("invalid hash part");
        }

        // A text that is not a hash part matches no path.
        StorePath? path = StorePathHash.TryParse(text, out StorePathHash hashPart) ? context.Store.Database.QueryPathFromHashPart(hashPart) : null;
        StorePathCodec.WriteOptional(context.Client.BeginReply(), context.Client.Messages, path);
    }
}
