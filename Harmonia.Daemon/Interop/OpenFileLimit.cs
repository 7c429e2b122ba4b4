using System.Runtime.InteropServices;
using Harmonia.Protocol.Interop;

namespace Harmonia.Daemon.Interop;

/// <summary>The limit on this process's file descriptors: RLIMIT_NOFILE of getrlimit(2).</summary>
internal static unsafe class OpenFileLimit
{
    private const int OpenFiles = 7;

    /// <summary>The current limit. The runtime raises it to the hard limit when it starts.</summary>
    public static ulong Current
    {
        get
        {
            // struct rlimit: the soft limit, the hard limit.
            ulong* limits = stackalloc ulong[2];
            return Libc.GetResourceLimit(OpenFiles, limits) == 0
                ? limits[0]
                : throw new SystemCallException("getrlimit", Marshal.GetLastPInvokeError(), "RLIMIT_NOFILE");
        }
    }
}
