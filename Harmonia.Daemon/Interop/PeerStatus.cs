using System.Runtime.InteropServices;

namespace Harmonia.Daemon.Interop;

/// <summary>Checks whether the other end of a socket or pipe was closed. poll(2) reports that even if unread data is left.</summary>
internal static unsafe class PeerStatus
{
    private const short HungUp = 0x8 | 0x10; // POLLERR | POLLHUP

    /// <summary>Checks once, without waiting.</summary>
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
