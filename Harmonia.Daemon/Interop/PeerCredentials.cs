using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Harmonia.Daemon.Interop;

/// <summary>The process that connected to a Unix socket, as the kernel recorded it: struct ucred of SO_PEERCRED, unix(7).</summary>
internal readonly record struct PeerCredentials(int ProcessId, uint UserId, uint GroupId)
{
    private const int SocketLevel = 1;
    private const int PeerCredentialsOption = 17;

    public static PeerCredentials Of(Socket socket)
    {
        Span<int> structure = stackalloc int[3];
        _ = socket.GetRawSocketOption(SocketLevel, PeerCredentialsOption, MemoryMarshal.AsBytes(structure));
        return new PeerCredentials(structure[0], (uint)structure[1], (uint)structure[2]);
    }
}
