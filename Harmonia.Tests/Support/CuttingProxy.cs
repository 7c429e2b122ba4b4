using System.Net;
using System.Net.Sockets;

namespace Harmonia.Tests.Support;

/// <summary>A proxy between clients and a server on the loopback that closes each connection after some bytes of the responses.</summary>
public sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<Task> _connections = [];
    private readonly int _server;
    private readonly Func<int, long> _limitOf;
    private readonly Task _accepting;

    private CuttingProxy(int server, Func<int, long> limitOf)
    {
        (_server, _limitOf) = (server, limitOf);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where clients connect to.</summary>
    public Uri Url => new($"http://{_listener.LocalEndpoint}");

    /// <summary>How many connections it has had.</summary>
    public int Connections { get; private set; }

    /// <summary>Passes on to a port, up to <paramref name="limit"/> bytes back over each connection.</summary>
    public static CuttingProxy Start(int server, int limit) => new(server, _ => limit);

    /// <summary>Passes on to a port; each connection has the bytes of its number, and those without a number have all.</summary>
    public static CuttingProxy Start(int server, int[] limits) =>
        new(server, number => number < limits.Length ? limits[number] : long.MaxValue);

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                TcpClient client = await _listener.AcceptTcpClientAsync();
                _connections.Add(PassOnAsync(client, _limitOf(Connections)));
                Connections++;
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task PassOnAsync(TcpClient accepted, long limit)
    {
        using TcpClient client = accepted;
        using TcpClient server = new();
        await server.ConnectAsync(IPAddress.Loopback, _server);
        // The end of one direction ends the other, so that neither side waits for a closed one.
        await await Task.WhenAny(
            CopyAsync(client.GetStream(), server.GetStream(), long.MaxValue), CopyAsync(server.GetStream(), client.GetStream(), limit));
    }

    private static async Task CopyAsync(NetworkStream source, NetworkStream destination, long limit)
    {
        byte[] buffer = new byte[4096];
        try
        {
            int read;
            while (limit > 0 && (read = await source.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, limit)))) > 0)
            {
                await destination.WriteAsync(buffer.AsMemory(0, read));
                limit -= read;
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // One side is gone.
        }
    }
}
