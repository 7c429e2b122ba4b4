using System.ComponentModel;
using System.Diagnostics;
using Harmonia.Daemon.Database;
using Harmonia.Daemon.Interop;
using Harmonia.Protocol.Messages.Stderr;

namespace Harmonia.Daemon.Building;

/// <summary>
/// One run of the build delegate. Dispose ends it, first with SIGTERM, so that Nix can stop its builders and release its locks.
/// </summary>
internal sealed class DelegateProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Process _process;

    private DelegateProcess(Process process) => _process = process;

    /// <summary>Its standard input.</summary>
    public Stream Input => _process.StandardInput.BaseStream;

    /// <summary>Its standard output.</summary>
    public Stream Output => _process.StandardOutput.BaseStream;

    /// <exception cref="RefusedException">The process cannot be started.</exception>
    public static DelegateProcess Start(ProcessStartInfo start)
    {
        try
        {
            return new DelegateProcess(Process.Start(start)!);
        }
        catch (Win32Exception exception)
        {
            throw new RefusedException($"build_delegate: '{start.FileName}' cannot be started: {exception.Message}");
        }
    }

    /// <summary>Passes on its messages until it has ended.</summary>
    /// <param name="report">Gets each message except the last error.</param>
    /// <param name="cancellationToken">Cancels the wait, not the process.</param>
    /// <returns>Its exit status, and the last error that it reported; empty for none.</returns>
    public async Task<(int Status, string Error)> FollowAsync(Func<StderrMessage, ValueTask> report, CancellationToken cancellationToken)
    {
        string? error = null;
        await foreach (string line in DelegateLines.ReadAsync(_process.StandardError.BaseStream, cancellationToken))
        {
            StderrMessage? message = DelegateLog.Read(line);
            if (message is StderrMessage.Failure failure)
            {
                // The last error is the one that decided.
                message = error is null ? null : LineOf(error);
                error = failure.Error.Message;
            }

            if (message is not null)
            {
                await report(message);
            }
        }

        await _process.WaitForExitAsync(cancellationToken);
        if (_process.ExitCode == 0 && error is not null)
        {
            await report(LineOf(error));
        }

        return (_process.ExitCode, error ?? "");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            ProcessSignals.Terminate(_process.Id);
            using CancellationTokenSource patience = new(Patience);
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }

        _process.Dispose();
    }

    private static StderrMessage.Next LineOf(string error) => new($"error: {error}\n");
}
