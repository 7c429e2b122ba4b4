using System.Net.Sockets;
using System.Text;
using Harmonia.Protocol.Interop;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Protocol.Client;

/// <summary>The address of a Unix socket, however long its path is. Valid until disposed.</summary>
internal sealed class UnixSocketAddress : IDisposable
{
    // unix(7): sun_path has 108 bytes, the NUL at the end included.
    private const int AddressLength = 108;

    private readonly SafeFileHandle? _socket;

    /// <exception cref="SystemCallException">The path is too long for an address, and cannot be opened.</exception>
    public UnixSocketAddress(string path)
    {
        byte[] name = Encoding.UTF8.GetBytes($"{path}\0");
        if (name.Length > AddressLength)
        {
            // A descriptor that stands for the file without opening it has a short name.
            int descriptor = LibcFiles.Open(LibcFiles.CurrentDirectory, name, OpenFlags.Path);
            if (descriptor < 0)
                throw new SystemCallException("openat", -descriptor, name.AsMemory(..^1));
            _socket = new SafeFileHandle(descriptor, ownsHandle: true);
            path = $"/proc/self/fd/{descriptor}";
        }

        EndPoint = new UnixDomainSocketEndPoint(path);
    }

    public UnixDomainSocketEndPoint EndPoint { get; }

    public void Dispose() => _socket?.Dispose();
}
