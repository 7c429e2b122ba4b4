using Harmonia.Daemon.Interop;
using Harmonia.Protocol.Messages.Handshake;

namespace Harmonia.Daemon.Server;

/// <summary>
/// Decides who may connect and who is trusted. A list contains user names, <c>@group</c> for users whose primary group it is or who are
/// listed as its members, and <c>*</c>. Build users may not connect. Nix: src/nix/unix/daemon.cc, authPeer and matchUser.
/// </summary>
internal sealed class TrustPolicy(IReadOnlyList<string> trusted, IReadOnlyList<string> allowed, string buildUsersGroup = "")
{
    private const string Everybody = "*";
    private const uint Root = 0;

    /// <summary>The policy of a configuration.</summary>
    /// <param name="trusted">The trusted users; null for root and the daemon's own user, who can change the store anyway.</param>
    /// <param name="allowed">The users who may connect in addition to those.</param>
    /// <param name="buildUsersGroup">The primary group of the users who may never connect; empty for none.</param>
    /// <param name="ownUserId">The user that the daemon runs as.</param>
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
