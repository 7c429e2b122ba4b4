using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace Harmonia.Cache.Hosting;

/// <summary>Keeps SIGHUP from ending the process, from the moment this is made, and keeps one for whoever waits for it later.</summary>
public sealed class SighupSignal : IDisposable
{
    private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(1);
    private readonly PosixSignalRegistration _registration;

    public SighupSignal() => _registration = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
    {
        signal.Cancel = true;
        _signals.Writer.TryWrite(true);
    });

    /// <summary>Ends with the next signal; several that came meanwhile count as one.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _signals.Reader.ReadAsync(cancellationToken).AsTask();

    public void Dispose() => _registration.Dispose();
}
