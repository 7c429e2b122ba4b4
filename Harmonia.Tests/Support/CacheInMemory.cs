using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Harmonia.Cache.Catalog;
using Harmonia.Cache.Configuration;
using Harmonia.Cache.Hosting;
using Harmonia.Cache.Http;
using Harmonia.Protocol.Nar;
using Harmonia.Protocol.Store;
using Microsoft.Extensions.Logging;

namespace Harmonia.Tests.Support;

/// <summary>
/// The cache's whole web server in this process, on a loopback port: real Kestrel and real files, but an <see cref="InMemoryCatalog"/>
/// in place of a daemon.
/// </summary>
public sealed class CacheInMemory : IAsyncDisposable
{
    private const string HashDigits = "0123456789abcdfghijklmnpqrsvwxyz";

    private readonly TemporaryDirectory _store = new();
    private readonly CacheConfiguration _configuration;
    private readonly Listeners _listeners;
    private readonly SighupSignal _sighup = new();
    private int _paths;

    private CacheInMemory(
        CacheOptions options, IReadOnlyList<SecretKey> keys, CredentialList? credentials = null, StoreFreshness? freshness = null,
        TimeProvider? time = null, ServerCertificate? certificate = null)
    {
        _configuration = new CacheConfiguration
        {
            Options = options with { Bind = [new ListenAddress.Tcp("127.0.0.1", 0)], RealStore = _store.Path },
            SigningKeys = keys,
            Credentials = credentials,
            Certificate = certificate,
            Warnings = [],
            Source = "test",
        };
        _listeners = Listeners.Bind(_configuration.Options.Bind, _configuration.Options.UnixSocketMode);
        EndPoint = (IPEndPoint)_listeners.EndPoints[0];
        if (options.MetricsBind is { } metricsBind)
            _listeners.BindMetrics(metricsBind, options.UnixSocketMode);
        Host = new CacheHost(_configuration, _listeners, _sighup, new CacheParts
        {
            Catalog = Catalog,
            Realisations = Catalog,
            Freshness = freshness ?? new StoreFreshness(TimeSpan.Zero, TimeProvider.System),
            Log = Log,
            Time = time ?? TimeProvider.System,
        });
        Client = new HttpClient { BaseAddress = new Uri($"http://{EndPoint}") };
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>Where <c>/metrics</c> is, if the options bind it elsewhere.</summary>
    public EndPoint MetricsEndPoint => _listeners.MetricsEndPoints[0];

    public HttpClient Client { get; }

    /// <summary>The server.</summary>
    internal CacheHost Host { get; }

    public InMemoryCatalog Catalog { get; } = new();

    public CapturedLog Log { get; } = new();

    /// <summary>Where the store's files are.</summary>
    public string RealStore => _store.Path;

    /// <summary>Starts one. Its log is kept from debug on.</summary>
    public static Task<CacheInMemory> StartAsync(params IReadOnlyList<SecretKey> keys) => StartAsync(new CacheOptions(), keys);

    /// <summary>Starts one with these options, but on an address and with a store of its own.</summary>
    public static async Task<CacheInMemory> StartAsync(CacheOptions options, params IReadOnlyList<SecretKey> keys)
    {
        CacheInMemory cache = new(options with { LogLevel = LogLevel.Debug }, keys);
        await cache.Host.StartAsync();
        return cache;
    }

    /// <summary>Starts one with options of its own; where it listens and has its files is decided here.</summary>
    public static async Task<CacheInMemory> StartAsync(CacheOptions options, CredentialList? credentials = null)
    {
        CacheInMemory cache = new(options, [], credentials);
        await cache.Host.StartAsync();
        return cache;
    }

    /// <summary>Starts one with TLS, whose catalog's answers hold for a day. <see cref="Client"/> does not reach it.</summary>
    public static async Task<CacheInMemory> StartAsync(CacheOptions options, ServerCertificate certificate)
    {
        StoreFreshness freshness = new(TimeSpan.FromDays(1), TimeProvider.System);
        CacheInMemory cache = new(options, [], freshness: freshness, certificate: certificate);
        await cache.Host.StartAsync();
        return cache;
    }

    /// <summary>Makes files and registers them, with the hash and size they really have.</summary>
    /// <param name="name">The name part of the store path.</param>
    /// <param name="make">Makes the root at the path it gets.</param>
    public ValidPathInfo Add(string name, Action<string> make)
    {
        StorePath path = new(StorePathHash.Parse(new string(HashDigits[++_paths], StorePathHash.Length)), name);
        make(FileOf(path));
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long size = 0;
        Dump(path, piece =>
        {
            hash.AppendData(piece);
            size += piece.Length;
        });
        return Catalog.Add(new ValidPathInfo
        {
            Path = path,
            Info = new UnkeyedValidPathInfo { NarHash = NarHash.FromBytes(hash.GetHashAndReset()), NarSize = (ulong)size },
        });
    }

    /// <summary>Registers a single file.</summary>
    public ValidPathInfo AddFile(string name, byte[] contents) => Add(name, file => File.WriteAllBytes(file, contents));

    public string FileOf(StorePath path) => Path.Combine(_store.Path, path.BaseName);

    /// <summary>The NAR of a path, by the other engine than the server's.</summary>
    public byte[] Dump(StorePath path)
    {
        using MemoryStream nar = new();
        Dump(path, nar.Write);
        return nar.ToArray();
    }

    /// <summary>The URL of a path's NAR in the form that narinfos have.</summary>
    public static string NarUrl(ValidPathInfo path) => $"/nar/{path.Path.Hash}-{path.Info.NarHash.ToBase32()}.nar";

    public Task<HttpResponseMessage> GetAsync(string url, params IEnumerable<(string Name, string Value)> headers) =>
        SendAsync(HttpMethod.Get, url, headers);

    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string url, params IEnumerable<(string Name, string Value)> headers)
    {
        using HttpRequestMessage request = new(method, url);
        foreach ((string name, string value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await Client.SendAsync(request);
    }

    /// <summary>Starts one whose catalog's answers hold as long as <paramref name="freshness"/> says.</summary>
    public static async Task<CacheInMemory> StartAsync(CacheOptions options, StoreFreshness freshness, params IReadOnlyList<SecretKey> keys)
    {
        CacheInMemory cache = new(options, keys, freshness: freshness);
        await cache.Host.StartAsync();
        return cache;
    }

    /// <summary>Starts one with another clock for the send rate limit.</summary>
    public static async Task<CacheInMemory> StartAsync(CacheOptions options, TimeProvider time)
    {
        CacheInMemory cache = new(options, [], time: time);
        await cache.Host.StartAsync();
        return cache;
    }

    /// <summary>A connection of a client that may send anything.</summary>
    public async Task<NetworkStream> ConnectAsync()
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(EndPoint);
        return new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>Sends bytes as they are and returns all that comes back until the server closes.</summary>
    public async Task<string> SendRawAsync(string request)
    {
        await using NetworkStream stream = await ConnectAsync();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        using StreamReader reader = new(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync();
    }

    /// <summary>Stops as SIGTERM does: requests under way may end.</summary>
    public Task StopAsync() => Host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Host.DisposeAsync();
        _listeners.Dispose();
        _sighup.Dispose();
        Log.Dispose();
        _store.Dispose();
    }

    private void Dump(StorePath path, Action<ReadOnlySpan<byte>> take)
    {
        using NarTreeReader reader = new(Encoding.UTF8.GetBytes(FileOf(path)));
        byte[] buffer = new byte[64 * 1024];
        for (int read = reader.Read(buffer); read > 0; read = reader.Read(buffer))
            take(buffer.AsSpan(0, read));
    }
}
