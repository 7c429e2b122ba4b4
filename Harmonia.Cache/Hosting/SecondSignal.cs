using System.Runtime.InteropServices;

namespace Harmonia.Cache.Hosting;

/// <summary>The first SIGTERM or SIGINT lets requests end, which the host sees to; the second one ends the process at once.</summary>
public sealed class SecondSignal : IDisposable
{
    // The exit code that shells report for a process that a signal ended.
    private const int ExitCodeOfSignals = 128;

    private readonly PosixSignalRegistration[] _registrations;
    private int _signals;

    public SecondSignal() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => Count(15)),
        PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => Count(2)),
    ];

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
    }

    private void Count(int number)
    {
        if (Interlocked.Increment(ref _signals) > 1)
            Environment.Exit(ExitCodeOfSignals + number);
    }
}
