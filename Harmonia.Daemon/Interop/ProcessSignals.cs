namespace Harmonia.Daemon.Interop;

/// <summary>Sends signals to processes that this one has started: signal(7).</summary>
internal static class ProcessSignals
{
    private const int Termination = 15;

    /// <summary>Asks a process to end. Does nothing if it has ended already.</summary>
    public static void Terminate(int process) => _ = Libc.Signal(process, Termination);
}
