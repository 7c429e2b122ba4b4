namespace Harmonia.Daemon.Commands;

/// <summary>The versions that the daemon reports.</summary>
internal static class HarmoniaVersion
{
    /// <summary>The version of the program, for example <c>0.1.0</c>.</summary>
    public static string Number { get; } = typeof(HarmoniaVersion).Assembly.GetName().Version!.ToString(3);

    /// <summary>
    /// What clients show as the daemon's version. Some compare the number at its beginning with Nix versions, so it is the Nix release that
    /// this daemon behaves like.
    /// </summary>
    public static string ForClients { get; } = $"2.34.8 (Harmonia {Number})";
}
