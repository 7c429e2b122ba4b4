namespace Harmonia.Cache.Catalog;

/// <summary>Which daemon is asked when the configuration names none.</summary>
public static class DaemonSockets
{
    private const string Harmonia = "/run/harmonia-daemon/socket";
    private const string Nix = "/nix/var/nix/daemon-socket/socket";

    /// <summary>harmonia-daemon if it is there, else the system's nix-daemon.</summary>
    public static string Default() => File.Exists(Harmonia) ? Harmonia : Nix;
}
