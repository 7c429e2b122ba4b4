using System.Text;
using Harmonia.Daemon.Database;
using Harmonia.Protocol.Messages.Gc;
using Harmonia.Protocol.Messages.Handshake;

namespace Harmonia.Daemon.Operations;

/// <summary>Makes a symlink to a path and registers it as a root, for a client that cannot make the symlink itself.</summary>
internal static class AddPermRoot
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        AddPermRootRequest request =
            await AddPermRootRequestCodec.ReadAsync(context.Client.Reader, context.Client.Messages, cancellationToken);
        if (context.Client.Trust != Trust.Trusted)
        {
            throw new RefusedException("you are not privileged to create perm roots; you can make the link yourself");
        }

        await context.AddTempRootAsync(request.Path, cancellationToken);
        context.Store.Roots.AddPermanent(request.Path, Encoding.UTF8.GetString(request.Link.Span));
        context.Client.BeginReply().WriteBytes(request.Link.Span);
    }
}
