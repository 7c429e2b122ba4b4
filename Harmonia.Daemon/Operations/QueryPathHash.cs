using Harmonia.Daemon.Database;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Operations;

/// <summary>The hash of the NAR of a valid path. Up to Nix 2.33.</summary>
internal static class QueryPathHash
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        StorePath path = await StorePathCodec.ReadAsync(context.Reader, context.Messages, cancellationToken);
        UnkeyedValidPathInfo info = context.Database.QueryPathInfo(path) ?? throw new InvalidPathException(context.Messages.StoreDirectory, path);
        NarHashCodec.Write(context.BeginReply(), info.NarHash);
    }
}
