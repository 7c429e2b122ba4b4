using System.Net.Sockets;
using System.Text;
using Harmonia.Protocol.Interop;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Cache.Hosting;

/// <summary>The file of a Unix socket that is listened on. Disposing the socket removes it.</summary>
public static class UnixSocketFile
{
    /// <summary>Makes the socket. At no time may more users connect than the mode allows.</summary>
    /// <exception cref="ListenException">Another process listens there already, or another file is there.</exception>
    public static Socket Bind(string path, UnixFileMode mode)
    {
        string fullPath = Path.GetFullPath(path);
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            RemoveStale(fullPath);
            // Linux gives the file the mode of the socket, less the umask; the second call sets what the umask removed.
            using (SafeFileHandle handle = new(socket.Handle, ownsHandle: false))
                File.SetUnixFileMode(handle, mode);
            socket.Bind(new UnixDomainSocketEndPoint(fullPath));
            File.SetUnixFileMode(fullPath, mode);
            return socket;
        }
        catch (Exception exception) when (exception is SocketException or IOException or UnauthorizedAccessException)
        {
            socket.Dispose();
            throw exception as ListenException ?? new ListenException($"unix:{path}", exception.Message);
        }
    }

    // A process that was killed leaves its file behind, and bind(2) then fails.
    private static void RemoveStale(string path)
    {
        if (!Path.Exists(path))
            return;
        if (FileStatus.FindEntry(LibcFiles.CurrentDirectory, Encoding.UTF8.GetBytes(path)) is not { Type: FileType.Socket })
            throw new ListenException($"unix:{path}", "the file exists and is no socket");
        using Socket probe = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
            return;
        }

        throw new ListenException($"unix:{path}", "another process listens there");
    }
}
