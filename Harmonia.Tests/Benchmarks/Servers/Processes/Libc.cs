using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Harmonia.Benchmarks.Servers.Processes;

/// <summary>The system calls of the measurements.</summary>
internal static partial class Libc
{
    private const int CompleteProcess = 2;
    private const int EndedChildren = -1;
    private const int Sigterm = 15;

    /// <summary>The CPU time of a process, or zero if it has ended. The number of its clock is that of clock_getcpuclockid(3).</summary>
    public static TimeSpan CpuTimeOf(int process) => GetTime((~process << 3) | CompleteProcess, out TimeSpecification time) == 0
        ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000.0)
        : TimeSpan.Zero;

    /// <summary>The CPU time of all children of this process that have ended, and of their children.</summary>
    public static TimeSpan CpuTimeOfEndedChildren() => GetUsage(EndedChildren, out ResourceUsage usage) == 0
        ? TimeSpan.FromSeconds(usage.UserSeconds + usage.SystemSeconds) + TimeSpan.FromMicroseconds(usage.UserMicroseconds + usage.SystemMicroseconds)
        : throw new Win32Exception(Marshal.GetLastPInvokeError());

    /// <summary>Sends SIGTERM. A process that has ended gets nothing.</summary>
    public static void Terminate(int process) => _ = Kill(process, Sigterm);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeSpecification time);

    [LibraryImport("libc", EntryPoint = "getrusage", SetLastError = true)]
    private static partial int GetUsage(int who, out ResourceUsage usage);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpecification
    {
        public long Seconds;
        public long Nanoseconds;
    }

    // struct rusage has 14 more fields of 8 bytes.
    [StructLayout(LayoutKind.Sequential, Size = 18 * sizeof(long))]
    private struct ResourceUsage
    {
        public long UserSeconds;
        public long UserMicroseconds;
        public long SystemSeconds;
        public long SystemMicroseconds;
    }
}
