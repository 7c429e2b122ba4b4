using System.Net.Sockets;
using Harmonia.Protocol.Interop;

namespace Harmonia.Protocol.Systemd;

/// <summary>A listening socket that systemd opened. Closing it leaves the file of a Unix socket, which is systemd's.</summary>
/// <param name="Socket">The socket, owned by whoever takes it.</param>
/// <param name="Descriptor">Its number.</param>
/// <param name="Name">Its name in the socket unit.</param>
public sealed record InheritedSocket(Socket Socket, int Descriptor, string Name)
{
    private const int FirstDescriptor = 3;

    /// <summary>Takes the sockets over; programs that this process starts do not get them.</summary>
    /// <param name="names">The name of each.</param>
    /// <exception cref="IOException">One of the descriptors is no listening stream socket.</exception>
    public static IReadOnlyList<InheritedSocket> TakeAll(IReadOnlyList<string> names) =>
        [.. names.Select((name, index) => Take(FirstDescriptor + index, name))];

    private static InheritedSocket Take(int descriptor, string name)
    {
        try
        {
            LibcFiles.CloseOnExecute(descriptor);
            Socket socket = new(new SafeSocketHandle(descriptor, ownsHandle: true));
            bool isKnown = socket.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6 or AddressFamily.Unix;
            if (!isKnown || socket.SocketType != SocketType.Stream || !IsListening(socket))
                throw new IOException($"descriptor {descriptor} ({name}), which systemd handed over, is no listening TCP or Unix stream socket");
            return new InheritedSocket(socket, descriptor, name);
        }
        catch (SocketException exception)
        {
            throw new IOException($"descriptor {descriptor} ({name}), which systemd handed over, is no socket: {exception.Message}", exception);
        }
    }

    private static bool IsListening(Socket socket) =>
        (int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.AcceptConnection)! != 0;
}
