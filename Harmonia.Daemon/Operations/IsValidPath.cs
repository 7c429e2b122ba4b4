using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Operations;

/// <summary>Whether the path is registered. Its files are not looked at.</summary>
internal static class IsValidPath
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        StorePath path = await StorePathCodec.ReadAsync(context.Reader, context.Messages, cancellationToken);
        bool isValid = context.Database.IsValidPath(path);
        context.BeginReply().WriteBool(isValid);
    }
}
