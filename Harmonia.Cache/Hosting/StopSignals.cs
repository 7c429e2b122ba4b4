using System.Runtime.InteropServices;

namespace Harmonia.Cache.Hosting;

/// <summary>The first SIGTERM, SIGINT or SIGQUIT lets requests end; the second one ends the process at once.</summary>
public sealed class StopSignals : IDisposable
{
    // The exit code that shells report for a process that a signal ended.
    private const int ExitCodeOfSignals = 128;

    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration[] _registrations;
    private int _signals;

    public StopSignals() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Take(signal, 15)),
        PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Take(signal, 2)),
        PosixSignalRegistration.Create(PosixSignal.SIGQUIT, signal => Take(signal, 3)),
    ];

    /// <summary>Ends with the first signal.</summary>
    public Task First => _first.Task;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
    }

    private void Take(PosixSignalContext signal, int number)
    {
        signal.Cancel = true;
        if (Interlocked.Increment(ref _signals) > 1)
            Environment.Exit(ExitCodeOfSignals + number);
        _first.TrySetResult();
    }
}
