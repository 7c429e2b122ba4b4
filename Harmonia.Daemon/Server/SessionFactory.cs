using System.Net.Sockets;
using Harmonia.Daemon.Interop;
using Harmonia.Protocol.Messages.Handshake;

namespace Harmonia.Daemon.Server;

/// <summary>Creates the session of a client that connected to the socket, or of the one at standard input and output.</summary>
internal sealed class SessionFactory(SessionServices services, TrustPolicy policy) : IDisposable
{
    private readonly Lazy<IdleClients> _idle = new(IdleClients.Create);

    /// <summary>
    /// Serves a client until it disconnects. Closes the connection of one that may not connect, as Nix does. The caller owns the socket.
    /// </summary>
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

    /// <summary>Serves the one client of a process that was started for it. Whoever can start the process is trusted.</summary>
    public Task ServeAsync(FileStream input, Stream output, Shutdown shutdown)
    {
        ClientSession session = new(1, input, output, Trust.Trusted, services) { HasPeerHungUp = () => PeerStatus.HasHungUp(input.SafeFileHandle) };
        return session.RunAsync(shutdown);
    }

    /// <summary>All sessions must have ended.</summary>
    public void Dispose()
    {
        if (_idle.IsValueCreated)
        {
            _idle.Value.Dispose();
        }
    }
}
