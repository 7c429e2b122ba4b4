using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Operations;

/// <summary>Whether the path is registered. Its files are not looked at.</summary>
internal static class IsValidPath
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        StorePath path = await StorePathCodec.ReadAsync(context.Client.Reader, context.Client.Messages, cancellationToken);
        bool isValid = context.Store.Database.IsValidPath(path);
        context.Client.BeginReply().WriteBool(isValid);
    }
}
