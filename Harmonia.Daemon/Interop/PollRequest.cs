using System.Runtime.InteropServices;

namespace Harmonia.Daemon.Interop;

/// <summary>struct pollfd.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollRequest
{
    public int File;
    public short Question;
    public short Answer;
}
