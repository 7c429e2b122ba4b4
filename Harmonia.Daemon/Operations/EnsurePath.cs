using Harmonia.Daemon.Store;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Operations;

/// <summary>Makes a path valid; here it has to be already.</summary>
internal static class EnsurePath
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        StorePath path = await StorePathCodec.ReadAsync(context.Reader, context.Messages, cancellationToken).ConfigureAwait(false);
        if (!context.Database.IsValidPath(path))
        {
            throw new RefusedException($"path '{context.Messages.StoreDirectory.Print(path)}' does not exist and cannot be created");
        }

        context.BeginReply().WriteUInt64(1);
    }
}
