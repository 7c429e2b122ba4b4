using System.Net;
using System.Net.Sockets;

namespace Harmonia.Benchmarks.Servers.Processes;

/// <summary>Finds ports of the loopback interface to listen on. They lie below those that the kernel gives to clients.</summary>
internal static class FreePort
{
    /// <summary>The first port from here on that nobody listens on.</summary>
    public static int From(int port)
    {
        while (!IsFree(port))
            port++;
        return port;
    }

    private static bool IsFree(int port)
    {
        using TcpListener listener = new(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
