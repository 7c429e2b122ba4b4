using System.Net.Sockets;

namespace Harmonia.Tests.Support;

/// <summary>A proxy between clients and a daemon that records each connection.</summary>
public sealed class RecordingProxy : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly string _daemon;
    private readonly List<Task<RecordedConnection>> _connections = [];
    private readonly Task _accepting;

    private RecordingProxy(string path, string daemon)
    {
        SocketPath = path;
        _daemon = daemon;
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    /// <summary>Where clients connect to.</summary>
    public string SocketPath { get; }

    /// <summary>Listens on <paramref name="path"/> and passes on to the socket <paramref name="daemon"/>.</summary>
    public static RecordingProxy Start(string path, string daemon) => new(path, daemon);

    /// <summary>Stops listening, waits for the connections to end, and returns them in the order they were made.</summary>
    public async Task<IReadOnlyList<RecordedConnection>> StopAsync()
    {
        _listener.Dispose();
        await _accepting;
        return await Task.WhenAll(_connections);
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                _connections.Add(RecordAsync(await _listener.AcceptAsync()));
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task<RecordedConnection> RecordAsync(Socket client)
    {
        using Socket accepted = client;
        using Socket daemon = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await daemon.ConnectAsync(new UnixDomainSocketEndPoint(_daemon));
        Task<byte[]> fromClient = PassOnAsync(client, daemon);
        Task<byte[]> fromDaemon = PassOnAsync(daemon, client);
        return new RecordedConnection(await fromClient, await fromDaemon);
    }

    private static async Task<byte[]> PassOnAsync(Socket source, Socket destination)
    {
        using MemoryStream kept = new();
        byte[] buffer = new byte[64 << 10];
        try
        {
            int read;
            while ((read = await source.ReceiveAsync(buffer)) > 0)
            {
                kept.Write(buffer, 0, read);
                await SendAllAsync(destination, buffer.AsMemory(0, read));
            }

            destination.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // One side is gone; what it has sent until then counts.
        }

        return kept.ToArray();
    }

    private static async Task SendAllAsync(Socket destination, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await destination.SendAsync(bytes)..];
    }
}
