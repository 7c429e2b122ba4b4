using System.Net.Security;
using System.Net.Sockets;

namespace Harmonia.Tests.Support;

/// <summary>A client that keeps its connection as long as the server does, trusts any certificate, and counts.</summary>
public sealed class KeptConnection : IDisposable
{
    private readonly HttpClient _client;
    private int _connections;

    public KeptConnection(Uri url)
    {
        SocketsHttpHandler handler = new()
        {
            ConnectCallback = async (context, token) =>
            {
                Interlocked.Increment(ref _connections);
                Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(context.DnsEndPoint, token);
                return new NetworkStream(socket, ownsSocket: true);
            },
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                {
                    Certificate = certificate?.Subject;
                    return certificate is not null;
                },
            },
        };
        _client = new HttpClient(handler) { BaseAddress = url };
    }

    /// <summary>How many connections it has opened.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>The subject of the server's certificate.</summary>
    public string? Certificate { get; private set; }

    public Task<string> GetAsync(string path) => _client.GetStringAsync(new Uri(path, UriKind.Relative)).InTime();

    public void Dispose() => _client.Dispose();
}
