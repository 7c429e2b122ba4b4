using System.Diagnostics;

namespace Harmonia.Tests.Support;

/// <summary>The real systemd-socket-activate, which becomes one of our programs when the first client connects.</summary>
public sealed class ActivatedProgram : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _log;

    /// <param name="directory">Gets the log.</param>
    /// <param name="options">Options of systemd-socket-activate: where to listen, and under which names.</param>
    /// <param name="program">The program and its arguments.</param>
    public ActivatedProgram(TemporaryDirectory directory, IEnumerable<string> options, params IEnumerable<string> program)
    {
        _log = directory["log"];
        // The shell has written it before anybody reads it.
        File.WriteAllText(_log, "");
        _process = Process.Start(
            "/bin/sh", ["-c", "log=$1; shift; exec systemd-socket-activate \"$@\" 2>>\"$log\"", "sh", _log, .. options, .. program]);
    }

    /// <summary>The process's number, which stays the same.</summary>
    public int ProcessId => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>What systemd-socket-activate and the program have written.</summary>
    public string Log => File.ReadAllText(_log);

    /// <summary>Waits until it has ended; returns the exit code.</summary>
    public async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync().InTime();
        return _process.ExitCode;
    }

    /// <summary>Asks it to end, and waits until it has; returns the exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        await Command.RunAsync("kill", ["-TERM", $"{_process.Id}"]);
        return await WaitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }
}
