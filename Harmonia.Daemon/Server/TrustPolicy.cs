using Harmonia.Protocol.Messages;

namespace Harmonia.Daemon.Server;

/// <summary>Decides whether a client may do everything. So may root, who could change the store anyway, and the daemon's own user.</summary>
internal sealed class TrustPolicy(uint ownUserId)
{
    private const uint Root = 0;

    public Trust Decide(PeerCredentials peer) => peer.UserId == Root || peer.UserId == ownUserId ? Trust.Trusted : Trust.NotTrusted;
}
