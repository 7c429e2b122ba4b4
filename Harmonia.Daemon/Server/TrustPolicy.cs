using Harmonia.Daemon.Interop;
using Harmonia.Protocol.Messages.Handshake;

namespace Harmonia.Daemon.Server;

/// <summary>
/// Decides who may connect, and who may do everything. A list has users, <c>@group</c> for whoever has it as primary group or is listed as
/// its member, and <c>*</c>. Who builds may not connect. Nix: src/nix/unix/daemon.cc, authPeer and matchUser.
/// </summary>
internal sealed class TrustPolicy(IReadOnlyList<string> trusted, IReadOnlyList<string> allowed, string buildUsersGroup = "")
{
    private const string Everybody = "*";
    private const uint Root = 0;

    /// <summary>The policy of a configuration.</summary>
    /// <param name="trusted">Who may do everything; null for root, and the daemon's own user, who could change the store anyway.</param>
    /// <param name="allowed">Who may connect besides those.</param>
    /// <param name="buildUsersGroup">The primary group of those who may never connect; empty for none.</param>
    /// <param name="ownUserId">The daemon's user.</param>
    public static TrustPolicy Create(IReadOnlyList<string>? trusted, IReadOnlyList<string> allowed, string buildUsersGroup, uint ownUserId) =>
        new(trusted ?? [UserDatabase.UserName(Root), UserDatabase.UserName(ownUserId)], allowed, buildUsersGroup);

    /// <summary>Null for a client who may not connect.</summary>
    public Trust? Decide(PeerCredentials peer)
    {
        Lazy<string> user = new(() => UserDatabase.UserName(peer.UserId));
        Lazy<string> group = new(() => UserDatabase.GroupName(peer.GroupId));
        if (buildUsersGroup.Length > 0 && group.Value == buildUsersGroup)
        {
            return null;
        }

        if (trusted.Any(Matches))
        {
            return Trust.Trusted;
        }

        return allowed.Any(Matches) ? Trust.NotTrusted : null;

        bool Matches(string entry) =>
            entry == Everybody
            || entry == user.Value
            || (entry.StartsWith('@') && (entry[1..] == group.Value || UserDatabase.IsMember(entry[1..], user.Value)));
    }
}
