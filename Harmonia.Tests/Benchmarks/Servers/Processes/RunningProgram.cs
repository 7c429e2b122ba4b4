using System.Diagnostics;

namespace Harmonia.Benchmarks.Servers.Processes;

/// <summary>A program that runs beside this one, with standard output and error in a file. Disposing it sends SIGTERM and waits.</summary>
internal sealed class RunningProgram : IAsyncDisposable
{
    // The shell opens the file and then executes the program, which keeps its process id.
    private const string Script = "exec \"$@\" >\"$0\" 2>&1";
    private const int Attempts = 600;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan ShutdownLimit = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly string _program;
    private readonly string _log;

    private RunningProgram(Process process, string program, string log) => (_process, _program, _log) = (process, program, log);

    public int ProcessId => _process.Id;

    public static RunningProgram Start(
        string log, string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        ProcessStartInfo start = new("/bin/sh", ["-c", Script, log, program, .. arguments]);
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return new RunningProgram(Process.Start(start)!, program, log);
    }

    /// <summary>Waits until it is ready to serve.</summary>
    /// <exception cref="BenchmarkException">It has ended, or is not ready after half a minute.</exception>
    public async Task AwaitReadyAsync(Func<Task<bool>> isReady, CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            if (await isReady())
                return;
            if (_process.HasExited)
                throw new BenchmarkException($"{_program} has ended:\n{await File.ReadAllTextAsync(_log, cancellationToken)}".TrimEnd());
            await Task.Delay(Pause, cancellationToken);
        }

        throw new BenchmarkException($"{_program} does not answer: see {_log}.");
    }

    /// <summary>Waits for its end and returns the exit code.</summary>
    public async Task<int> WaitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Libc.Terminate(_process.Id);
            using CancellationTokenSource limit = new(ShutdownLimit);
            try
            {
                await _process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }

        _process.Dispose();
    }
}
