using System.Net.Sockets;
using System.Text;

namespace Harmonia.Tests.Support;

/// <summary>The socket on which systemd would listen for a service's messages.</summary>
public sealed class NotifySocket : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    /// <param name="name">A path, or an abstract name that begins with @.</param>
    public NotifySocket(string name)
    {
        Name = name;
        _socket.Bind(new UnixDomainSocketEndPoint(name.Replace('@', '\0')));
    }

    /// <summary>The value of <c>NOTIFY_SOCKET</c>.</summary>
    public string Name { get; }

    /// <summary>Waits for a message with this beginning; others may come before.</summary>
    public Task<string> ReceiveAsync(string start) => ReceiveAnyAsync(start).InTime();

    public void Dispose() => _socket.Dispose();

    private async Task<string> ReceiveAnyAsync(string start)
    {
        byte[] buffer = new byte[4096];
        while (true)
        {
            int length = await _socket.ReceiveAsync(buffer, SocketFlags.None);
            string message = Encoding.UTF8.GetString(buffer, 0, length);
            if (message.StartsWith(start, StringComparison.Ordinal))
                return message;
        }
    }
}
