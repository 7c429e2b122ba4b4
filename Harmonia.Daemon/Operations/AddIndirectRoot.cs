using Harmonia.Protocol.Wire;

namespace Harmonia.Daemon.Operations;

/// <summary>Registers a link that the client has made, wherever it is, as a root of the garbage collector.</summary>
internal static class AddIndirectRoot
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        byte[] link = await context.Client.Reader.ReadBytesAsync(WireLimits.FilePath, cancellationToken);
        context.Store.Roots.AddIndirect(link);
        context.Client.BeginReply().WriteUInt64(1);
    }
}
