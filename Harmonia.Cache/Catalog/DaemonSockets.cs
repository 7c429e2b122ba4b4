namespace Harmonia.Cache.Catalog;

/// <summary>The socket of the daemon when the configuration names none.</summary>
public static class DaemonSockets
{
    private const string Harmonia = "/run/harmonia-daemon/socket";
    private const string Nix = "/nix/var/nix/daemon-socket/socket";

    /// <summary>That of harmonia-daemon if it exists, else that of nix-daemon.</summary>
    public static string Default() => File.Exists(Harmonia) ? Harmonia : Nix;
}
