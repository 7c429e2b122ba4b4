using System.Runtime.InteropServices;

namespace Harmonia.Daemon.Server;

/// <summary>Turns SIGTERM and SIGINT into requests to shut down, for as long as it lives.</summary>
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
