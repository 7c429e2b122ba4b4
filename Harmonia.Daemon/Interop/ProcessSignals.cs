namespace Harmonia.Daemon.Interop;

/// <summary>Signals to processes that this one has started: signal(7).</summary>
internal static class ProcessSignals
{
    private const int Termination = 15;

    /// <summary>Asks a process to end. One that has ended already is left alone.</summary>
    public static void Terminate(int process) => _ = Libc.Signal(process, Termination);
}
