using System.Net.Sockets;
using Harmonia.Protocol.Interop;
using Harmonia.Protocol.Systemd;

namespace Harmonia.Daemon.Interop;

/// <summary>
/// A listening socket in the file system. It has its permissions before it has its name, so no process ever sees it with other permissions.
/// Dispose closes it and removes the name, unless another file has that name by now, or systemd made the socket.
/// </summary>
internal sealed class UnixSocketListener : IDisposable
{
    private const int Backlog = 1024;

    private readonly FileStatus? _status;

    private UnixSocketListener(Socket socket, string path, FileStatus? status) => (Socket, Path, _status) = (socket, path, status);

    public Socket Socket { get; }

    /// <summary>Its name in the file system, or what systemd bound it to.</summary>
    public string Path { get; }

    /// <summary>Takes a socket over that systemd made.</summary>
    /// <exception cref="IOException">It is no Unix socket.</exception>
    public static UnixSocketListener Of(InheritedSocket inherited)
    {
        (Socket socket, int descriptor, string name) = inherited;
        string address = socket.LocalEndPoint?.ToString() ?? "";
        return socket.AddressFamily == AddressFamily.Unix
            ? new UnixSocketListener(socket, address, status: null)
            : throw new IOException(
                $"Descriptor {descriptor} ({name}), which systemd handed over, listens on {address}: harmonia-daemon serves Unix sockets only.");
    }

    /// <summary>Creates the socket and its directories. Replaces a socket that no process listens on.</summary>
    /// <exception cref="SocketInUseException">Another process listens on the socket, or another kind of file is there.</exception>
    /// <exception cref="PathTooLongException">The name is too long for clients to connect.</exception>
    public static UnixSocketListener Open(string path, UnixFileMode mode)
    {
        string folder = System.IO.Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        using (UnixSocketAddress address = UnixSocketAddress.Of(path))
        {
            RefuseIfInUse(path, address);
        }

        string temporary = System.IO.Path.Combine(folder, $".harmonia-{Environment.ProcessId}");
        FileRemoval.Unlink(temporary);
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            using (UnixSocketAddress address = UnixSocketAddress.Of(temporary))
            {
                socket.Bind(address.EndPoint);
            }

            File.SetUnixFileMode(temporary, mode);
            socket.Listen(Backlog);
            File.Move(temporary, path, overwrite: true);
            return new UnixSocketListener(socket, path, FileStatus.Find(path));
        }
        catch
        {
            socket.Dispose();
            _ = FileRemoval.TryUnlink(temporary);
            throw;
        }
    }

    public void Dispose()
    {
        Socket.Dispose();
        if (_status is FileStatus own && FileStatus.Find(Path) is FileStatus now && now.Identity == own.Identity)
        {
            // The next process that listens there replaces a socket that is left.
            _ = FileRemoval.TryUnlink(Path);
        }
    }

    private static void RefuseIfInUse(string path, UnixSocketAddress address)
    {
        if (FileStatus.Find(path) is not FileStatus status)
        {
            return;
        }

        using Socket probe = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        probe.Blocking = false;
        try
        {
            probe.Connect(address.EndPoint);
            throw new SocketInUseException(
                $"Process {PeerCredentials.Of(probe).ProcessId} already listens on '{path}'. Stop it first, or set another socket_path.");
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.WouldBlock)
        {
            throw new SocketInUseException(
                $"Another process already listens on '{path}', and its backlog is full. Stop it first, or set another socket_path.");
        }
        catch (SocketException exception) when (exception.SocketErrorCode != SocketError.ConnectionRefused)
        {
            throw new SocketInUseException($"Cannot find out whether another process listens on '{path}': {exception.Message}");
        }
        catch (SocketException) when (status.Type != FileType.Socket)
        {
            throw new SocketInUseException($"'{path}' exists and is not a socket. Remove it, or set another socket_path.");
        }
        catch (SocketException)
        {
            // The socket is stale: its owner has ended.
        }
    }
}
