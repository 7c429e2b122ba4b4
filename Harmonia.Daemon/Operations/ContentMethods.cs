using Harmonia.Daemon.Database;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Operations;

/// <summary>Which content-addressing methods the daemon supports.</summary>
internal static class ContentMethods
{
    /// <exception cref="RefusedException">The method is an experimental feature of Nix.</exception>
    public static void RequireKnown(ContentAddressMethod method)
    {
        if (method == ContentAddressMethod.Git)
        {
            throw new RefusedException("experimental Nix feature 'git-hashing' is disabled");
        }
    }
}
