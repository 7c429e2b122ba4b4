using System.Diagnostics;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;

namespace Harmonia.Tests.Daemon.Database;

/// <summary>harmonia-daemon at standard input and output as the user nobody, who owns nothing.</summary>
internal sealed class UnprivilegedDaemon : IDisposable
{
    private static readonly string[] AsNobody = ["--reuid=65534", "--regid=65534", "--clear-groups"];

    private readonly Process _process;
    private readonly Task<string> _errors;

    private UnprivilegedDaemon(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts it on a store whose folders everybody may enter.</summary>
    /// <param name="configuration">Its TOML file.</param>
    /// <param name="frozen">A folder that nobody can write to, as far as it can tell; null for none.</param>
    public static UnprivilegedDaemon Start(string configuration, string? frozen = null)
    {
        string[] daemon = [HarmoniaProgram.Path("harmonia-daemon"), "--stdio", "--config", configuration];
        ProcessStartInfo start = frozen is null
            ? new("setpriv", [.. AsNobody, .. daemon])
            : new("unshare", ["--mount", "sh", "-c", """mount --bind -o ro "$0" "$0" && exec "$@" """, frozen, "setpriv", .. AsNobody, .. daemon]);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        return new UnprivilegedDaemon(Process.Start(start)!);
    }

    public Task<SessionClient> ConnectAsync(string storeDirectory) => SessionClient.ConnectAsync(
        _process.StandardOutput.BaseStream, _process.StandardInput.BaseStream, directory: StoreDirectory.Parse(storeDirectory));

    /// <summary>Waits for its end; returns what it had to say.</summary>
    public async Task<(int ExitCode, string Errors)> EndAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().InTime();
        return (_process.ExitCode, await _errors);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }
}
