using System.Runtime.InteropServices;

namespace Harmonia.Daemon.Server;

/// <summary>Requests a shutdown on SIGTERM and SIGINT until it is disposed.</summary>
internal sealed class ShutdownSignals : IDisposable
{
    private readonly PosixSignalRegistration[] _registrations;

    public ShutdownSignals(Shutdown shutdown)
    {
        void Handle(PosixSignalContext signal)
        {
            signal.Cancel = true;
            shutdown.Request();
        }

        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
        ];
    }

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }
    }
}
