using System.Runtime.InteropServices;

namespace Harmonia.Daemon.Interop;

/// <summary>struct timespec of a 64-bit system.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct TimeSpecification(nint seconds, nint nanoseconds)
{
    /// <summary>UTIME_OMIT: leaves the time as it is.</summary>
    public static TimeSpecification Unchanged { get; } = new(0, 0x3ffffffe);

    public nint Seconds { get; } = seconds;

    public nint Nanoseconds { get; } = nanoseconds;
}
