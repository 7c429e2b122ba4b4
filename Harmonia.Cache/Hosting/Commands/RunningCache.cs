using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Harmonia.Cache.Configuration;

namespace Harmonia.Cache.Hosting.Commands;

/// <summary>Asks a cache that runs, over HTTP.</summary>
internal sealed class RunningCache : IDisposable
{
    /// <summary>A cache that takes longer for an answer is not well.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    private readonly HttpClient _client;

    private RunningCache(string address, Uri uri, SocketsHttpHandler handler)
    {
        Address = address;
        handler.UseProxy = handler.AllowAutoRedirect = false;
        _client = new HttpClient(handler) { BaseAddress = uri, Timeout = Limit };
        if (uri.UserInfo.Length > 0)
        {
            string login = Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(uri.UserInfo)));
            _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", login);
        }
    }

    /// <summary>Where it listens, without a password.</summary>
    public string Address { get; }

    /// <summary>The cache at a URL, or at <c>unix:PATH</c>.</summary>
    /// <exception cref="FormatException">It is neither.</exception>
    public static RunningCache At(string address)
    {
        if (address.StartsWith("unix:", StringComparison.Ordinal))
        {
            return ListenAddress.TryParse(address, out ListenAddress? socket, out string? reason)
                ? At(socket, hasTls: false)
                : throw new FormatException(reason);
        }

        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https"))
            throw new FormatException($"expected a URL such as 'http://localhost:5000', or 'unix:PATH', but got '{address}'");
        // What follows a directory in a relative URI replaces what has no slash behind it.
        Uri directory = new(uri.GetLeftPart(UriPartial.Path).TrimEnd('/') + '/');
        return new RunningCache(directory.GetComponents(UriComponents.HttpRequestUrl, UriFormat.SafeUnescaped), directory, new SocketsHttpHandler());
    }

    /// <summary>The cache of this machine that listens on an address of its configuration.</summary>
    /// <param name="address">The value of <c>bind</c> or <c>metrics_bind</c>.</param>
    /// <param name="hasTls">Whether TCP means TLS. The certificate is for the name that clients use, and not checked.</param>
    public static RunningCache At(ListenAddress address, bool hasTls)
    {
        SocketsHttpHandler handler = new();
        switch (address)
        {
            case ListenAddress.Unix unix:
                handler.ConnectCallback = (_, cancellationToken) => ConnectAsync(unix.Path, cancellationToken);
                return new RunningCache(unix.ToString(), new Uri("http://localhost/"), handler);
            case ListenAddress.Tcp tcp:
                handler.SslOptions.RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null;
                // A socket for all addresses takes IPv4 as well.
                ListenAddress.Tcp reachable = tcp.Host is "::" or "0.0.0.0" ? tcp with { Host = "127.0.0.1" } : tcp;
                Uri uri = new($"{(hasTls ? "https" : "http")}://{reachable}/");
                return new RunningCache(uri.ToString(), uri, handler);
            default:
                throw new ArgumentOutOfRangeException(nameof(address));
        }
    }

    /// <summary>Asks for a page.</summary>
    /// <exception cref="IOException">There is no answer, or not in time.</exception>
    public async Task<(int Status, string Text)> GetAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage response = await _client.GetAsync(path, cancellationToken);
            return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
        }
        catch (HttpRequestException exception)
        {
            throw new IOException($"{Address}: {exception.InnerException?.Message ?? exception.Message}", exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"{Address}: no answer within {Limit.TotalSeconds} s", exception);
        }
    }

    public void Dispose() => _client.Dispose();

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException("there is no such socket");
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
