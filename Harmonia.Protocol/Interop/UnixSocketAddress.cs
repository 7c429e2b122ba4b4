using System.Net.Sockets;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Protocol.Interop;

/// <summary>
/// The address of a socket in the file system, however long its path is. Dispose it after the bind or connect.
/// </summary>
/// <remarks>
/// struct sockaddr_un has room for 107 bytes. A longer path is reached through an open folder: <c>/proc/self/fd/N/name</c>.
/// </remarks>
internal sealed class UnixSocketAddress : IDisposable
{
    private const int Room = 107;

    private readonly SafeFileHandle? _folder;

    private UnixSocketAddress(SafeFileHandle? folder, string path) => (_folder, EndPoint) = (folder, new UnixDomainSocketEndPoint(path));

    /// <summary>What to bind or connect to before this is disposed.</summary>
    public UnixDomainSocketEndPoint EndPoint { get; }

    /// <exception cref="SystemCallException">The folder of a long path can't be opened.</exception>
    /// <exception cref="PathTooLongException">The file name alone is too long.</exception>
    public static UnixSocketAddress Of(string path)
    {
        if (Encoding.UTF8.GetByteCount(path) <= Room)
            return new UnixSocketAddress(null, path);

        string parent = Path.GetDirectoryName(path)!;
        int descriptor = LibcFiles.Open(LibcFiles.CurrentDirectory, NativePath.Of(parent), OpenFlags.Path | OpenFlags.Directory);
        if (descriptor < 0)
            throw new SystemCallException("openat", -descriptor, parent);

        SafeFileHandle folder = new(descriptor, ownsHandle: true);
        string shortcut = $"/proc/self/fd/{descriptor}/{Path.GetFileName(path)}";
        if (Encoding.UTF8.GetByteCount(shortcut) <= Room)
            return new UnixSocketAddress(folder, shortcut);

        folder.Dispose();
        throw new PathTooLongException($"The name of the socket '{path}' is too long: a file name of {Room - 24} bytes is the most that works.");
    }

    public void Dispose() => _folder?.Dispose();
}
