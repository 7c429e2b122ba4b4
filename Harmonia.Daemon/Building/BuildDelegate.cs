using System.Diagnostics;
using Harmonia.Daemon.Database;

namespace Harmonia.Daemon.Building;

/// <summary>
/// The local Nix that builds for this daemon: a <c>nix-store</c> that opens the same store directly, with Nix's own locks, instead of
/// through a daemon.
/// </summary>
/// <param name="program">The path of <c>nix-store</c>.</param>
/// <param name="environment">The variables that make it use the store.</param>
internal sealed class BuildDelegate(string program, IReadOnlyDictionary<string, string> environment)
{
    /// <summary>Creates the delegate of a store.</summary>
    public static BuildDelegate For(string program, string storeDirectory, string realStoreDirectory, string stateDirectory, string logDirectory) =>
        new(program, new Dictionary<string, string>
        {
            ["NIX_REMOTE"] = realStoreDirectory == storeDirectory ? "local" : $"local?real={Uri.EscapeDataString(realStoreDirectory)}",
            ["NIX_STORE_DIR"] = storeDirectory,
            ["NIX_STATE_DIR"] = stateDirectory,
            ["NIX_LOG_DIR"] = logDirectory,
        });

    /// <summary>Starts the program. The caller disposes the process, which ends it.</summary>
    /// <exception cref="RefusedException">The program cannot be started.</exception>
    public DelegateProcess Start(IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(program, ["--log-format", "internal-json", "--no-gc-warning", .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        start.Environment.Remove("NIX_DAEMON_SOCKET_PATH");
        return DelegateProcess.Start(start);
    }
}
