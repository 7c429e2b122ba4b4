using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;

namespace Harmonia.Tests.Nix;

/// <summary>A cache that was just started, and a client that gets NARs from it in one of several ways.</summary>
public sealed class NarDownloads : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly NarWay _way;
    private HarmoniaCache? _cache;
    private HttpClient? _client;

    private NarDownloads(NarWay way) => _way = way;

    /// <summary>Where NARs are stored if they are.</summary>
    public string StoredNars => _directory["nars"];

    private HttpClient Client => _client ?? throw new InvalidOperationException("The cache is not running.");

    public static async Task<NarDownloads> StartAsync(NarWay way, RealNixStore store, HarmoniaDaemon daemon, TestCertificates certificates)
    {
        NarDownloads downloads = new(way);
        try
        {
            downloads._cache = await HarmoniaCache.StartAsync(store, daemon.SocketPath, downloads.Settings(certificates));
            downloads._client = downloads.Connect(downloads._cache);
            return downloads;
        }
        catch
        {
            await downloads.DisposeAsync();
            throw;
        }
    }

    /// <summary>What the narinfo of a path says, but for its signatures, of which there may be several.</summary>
    public async Task<IReadOnlyDictionary<string, string>> NarInfoAsync(string path, CancellationToken cancellationToken = default)
    {
        string url = $"/{Path.GetFileName(path)[..StorePathHash.Length]}.narinfo";
        byte[] text = await Client.GetByteArrayAsync(new Uri(url, UriKind.Relative), cancellationToken);
        return NixNarInfoReader.Read(text).Where(field => field.Key != "Sig").ToDictionary(StringComparer.Ordinal);
    }

    /// <summary>Gets what a narinfo names.</summary>
    /// <param name="url">As it is there, relative to the root.</param>
    /// <param name="range">The part that is wanted; null for all.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<HttpResponseMessage> GetAsync(string url, RangeHeaderValue? range = null, CancellationToken cancellationToken = default)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri($"/{url}", UriKind.Relative))
        {
            Version = _way == NarWay.Http2 ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Range = range;
        if (_way == NarWay.CodedZstd)
            request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("zstd"));
        return await Client.SendAsync(request, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_cache is not null)
            await _cache.DisposeAsync();
        _directory.Dispose();
    }

    private string Settings(TestCertificates certificates) => _way switch
    {
        NarWay.CodedZstd => "enable_compression = true",
        NarWay.StoredZstd => $"[nar_cache]\ndirectory = \"{StoredNars}\"",
        NarWay.Tls or NarWay.Http2 => $"tls_cert_path = \"{certificates.Chain}\"\ntls_key_path = \"{certificates.Pkcs8Key}\"",
        _ => "",
    };

    private HttpClient Connect(HarmoniaCache cache)
    {
        SocketsHttpHandler handler = new()
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null,
            },
        };
        if (_way == NarWay.UnixSocket)
        {
            handler.ConnectCallback = async (_, cancellationToken) =>
            {
                Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(cache.UnixSocket), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            };
        }

        return new HttpClient(handler) { BaseAddress = cache.Url };
    }
}
