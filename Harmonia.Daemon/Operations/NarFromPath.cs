using System.Text;
using Harmonia.Daemon.Database;
using Harmonia.Daemon.Store;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Nar;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;

namespace Harmonia.Daemon.Operations;

/// <summary>
/// Sends a valid path as a NAR. Checks everything it can before it begins the reply: afterwards it can report a failure only by closing
/// the connection.
/// </summary>
internal static class NarFromPath
{
    /// <summary>Smaller blocks cost more time per byte; larger ones do not cost less.</summary>
    private const int BlockSize = 256 << 10;

    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        StorePath path = await StorePathCodec.ReadAsync(context.Client.Reader, context.Client.Messages, cancellationToken);
        using TempRootsFile? root = await context.Store.TempRoots.TryProtectAsync(path, cancellationToken);
        if (!context.Store.Database.IsValidPath(path))
        {
            throw new InvalidPathException(context.Client.Messages.StoreDirectory, path);
        }

        using NarTreeReader nar = new(Encoding.UTF8.GetBytes(context.Store.Files.RealPath(path)));
        WireWriter writer = context.Client.BeginReply();
        int length;
        while ((length = nar.Read(writer.GetSpan(BlockSize)[..BlockSize])) > 0)
        {
            writer.Advance(length);
            await writer.FlushAsync(cancellationToken);
        }
    }
}
