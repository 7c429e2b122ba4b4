using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Operations;

/// <summary>The NAR hash of a valid path. Up to Nix 2.33.</summary>
internal static class QueryPathHash
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        StorePath path = await StorePathCodec.ReadAsync(context.Client.Reader, context.Client.Messages, cancellationToken);
        UnkeyedValidPathInfo info = context.GetPathInfo(path);
        NarHashCodec.Write(context.Client.BeginReply(), info.NarHash);
    }
}
