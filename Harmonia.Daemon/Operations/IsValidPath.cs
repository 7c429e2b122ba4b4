using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Operations;

/// <summary>Whether a path is registered in the database. Does not look at its files.</summary>
internal static class IsValidPath
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        StorePath path = await StorePathCodec.ReadAsync(context.Client.Reader, context.Client.Messages, cancellationToken);
        bool isValid = context.Store.Database.IsValidPath(path);
        context.Client.BeginReply().WriteBool(isValid);
    }
}
