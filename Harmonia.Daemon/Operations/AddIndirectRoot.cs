using Harmonia.Protocol.Wire;

namespace Harmonia.Daemon.Operations;

/// <summary>Registers a symlink that the client has made anywhere as a garbage collector root.</summary>
internal static class AddIndirectRoot
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        byte[] link = await context.Client.Reader.ReadBytesAsync(WireLimits.FilePath, cancellationToken);
        context.Store.Roots.AddIndirect(link);
        context.Client.BeginReply().WriteUInt64(1);
    }
}
