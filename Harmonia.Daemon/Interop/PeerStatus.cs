using System.Runtime.InteropServices;

namespace Harmonia.Daemon.Interop;

/// <summary>Whether the other end of a socket or pipe was closed: poll(2), which tells of that though nobody asks, and whatever is left to read.</summary>
internal static unsafe class PeerStatus
{
    private const short HungUp = 0x8 | 0x10; // POLLERR | POLLHUP

    /// <summary>Looks once, without waiting.</summary>
    public static bool HasHungUp(SafeHandle file)
    {
        bool isHeld = false;
        try
        {
            file.DangerousAddRef(ref isHeld);
            PollRequest request = new() { File = (int)file.DangerousGetHandle() };
            return Libc.Poll(&request, 1, 0) > 0 && (request.Answer & HungUp) != 0;
        }
        finally
        {
            if (isHeld)
            {
                file.DangerousRelease();
            }
        }
    }
}
