using System.Net.Sockets;
using Harmonia.Daemon.Interop;
using Harmonia.Protocol.Messages.Handshake;

namespace Harmonia.Daemon.Server;

/// <summary>Makes a session of what came to the daemon: a client on a socket, or the one at standard input and output.</summary>
internal sealed class SessionFactory(SessionServices services, TrustPolicy policy)
{
    private readonly Lazy<IdleClients> _idle = new(static () => new IdleClients());

    /// <summary>Serves a client until it leaves; hangs up on one who may not connect, as Nix does. The caller owns the socket.</summary>
    public async Task ServeAsync(long number, Socket client, Shutdown shutdown)
    {
        PeerCredentials peer = PeerCredentials.Of(client);
        services.Logger.ClientAccepted(number, peer.ProcessId, peer.UserId);
        if (policy.Decide(peer) is not Trust trust)
        {
            services.Logger.ClientRefused(number, UserDatabase.UserName(peer.UserId));
            return;
        }

        using ClientStream stream = new(client, _idle.Value);
        ClientSession session = new(number, stream, stream, trust, services)
        {
            HasPeerHungUp = () => PeerStatus.HasHungUp(client.SafeHandle),
        };
        await session.RunAsync(shutdown);
    }

    /// <summary>Serves the one client of a process that was started for it: whoever could start it is trusted.</summary>
    public Task ServeAsync(FileStream input, Stream output, Shutdown shutdown)
    {
        ClientSession session = new(1, input, output, Trust.Trusted, services) { HasPeerHungUp = () => PeerStatus.HasHungUp(input.SafeFileHandle) };
        return session.RunAsync(shutdown);
    }
}
