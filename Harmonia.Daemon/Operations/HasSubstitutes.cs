using Harmonia.Protocol.Messages;

namespace Harmonia.Daemon.Operations;

/// <summary>Whether a substituter has a path. This daemon has no substituters. Up to Nix 2.33.</summary>
internal static class HasSubstitutes
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        _ = await StorePathCodec.ReadAsync(context.Client.Reader, context.Client.Messages, cancellationToken);
        context.Client.BeginReply().WriteBool(false);
    }
}
