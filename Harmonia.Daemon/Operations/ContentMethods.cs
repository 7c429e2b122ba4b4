using Harmonia.Daemon.Database;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Operations;

/// <summary>Which ways to address content are served.</summary>
internal static class ContentMethods
{
    /// <exception cref="RefusedException">Nix has the method as an experiment only.</exception>
    public static void RequireKnown(ContentAddressMethod method)
    {
        if (method == ContentAddressMethod.Git)
        {
            throw new RefusedException("experimental Nix feature 'git-hashing' is disabled");
        }
    }
}
