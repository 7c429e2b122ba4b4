using System.Net;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Configuration;

/// <summary>The options of the cache. The defaults are here and in docs/configuration.md, and nowhere else.</summary>
public sealed record CacheOptions
{
    private const UnixFileMode Anybody =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>At least one address. Sockets from systemd take precedence.</summary>
    public IReadOnlyList<ListenAddress> Bind { get; init; } = [ListenAddress.Default];

    /// <summary>The mode of the socket files in <see cref="Bind"/>.</summary>
    public UnixFileMode UnixSocketMode { get; init; } = Anybody;

    /// <summary>The number of I/O queues, and the maximum number of connections to the daemon.</summary>
    public int Workers { get; init; } = 4;

    /// <summary>The maximum number of client connections per worker; 0 for no limit.</summary>
    public int MaxConnections { get; init; } = 2048;

    /// <summary>The maximum number of concurrent TLS handshakes per worker; 0 for no limit.</summary>
    public int MaxTlsHandshakes { get; init; } = 256;

    /// <summary>The maximum number of NARs sent at the same time; 0 for no limit.</summary>
    public int MaxNarStreams { get; init; } = 1024;

    /// <summary>The maximum number of responses compressed at the same time; 0 for no limit.</summary>
    public int MaxCompressions { get; init; } = 64;

    /// <summary>Whether NARs are compressed with zstd for clients that accept it. Such downloads cannot be resumed.</summary>
    public bool EnableCompression { get; init; }

    /// <summary>The settings of zstd.</summary>
    public ZstdOptions Zstd { get; init; } = new();

    /// <summary>The cache of compressed NARs; null for none.</summary>
    public NarCacheOptions? NarCache { get; init; }

    /// <summary>The lowest rate, in bytes per second, at which a client may receive each piece of a response, after five minutes; 0 for no limit.</summary>
    public int MinSendRate { get; init; } = 240;

    /// <summary>Who runs the cache, for its pages; null if they do not say it.</summary>
    public string? Operator { get; init; }

    /// <summary>Clients ask the cache with the lowest number first.</summary>
    public int Priority { get; init; } = 30;

    /// <summary>The prefix of store paths in responses and in the daemon's database.</summary>
    public StoreDirectory VirtualStore { get; init; } = StoreDirectory.Default;

    /// <summary>The directory of the files, if it is not <see cref="VirtualStore"/>.</summary>
    public string? RealStore { get; init; }

    /// <summary>Files with secret keys, in the order of the configuration.</summary>
    public IReadOnlyList<string> SigningKeyPaths { get; init; } = [];

    /// <summary>The paths that these keys sign.</summary>
    public SignPolicy Sign { get; init; } = SignPolicy.All;

    /// <summary>Where their signatures are kept; null for nowhere.</summary>
    public SignatureOptions? Signatures { get; init; }

    /// <summary>Null to serve without TLS.</summary>
    public TlsOptions? Tls { get; init; }

    /// <summary>The file that says who may read; null for everybody.</summary>
    public string? CredentialsPath { get; init; }

    /// <summary>The daemon's socket. Null selects the socket of harmonia-daemon if it exists, else that of nix-daemon.</summary>
    public string? DaemonSocket { get; init; }

    /// <summary>Whether the cache serves <c>/metrics</c>.</summary>
    public bool Metrics { get; init; } = true;

    /// <summary>The only address that serves it; null for the addresses of <see cref="Bind"/>.</summary>
    public ListenAddress? MetricsBind { get; init; }

    /// <summary>Whether requests are logged at the level information; else at debug.</summary>
    public bool AccessLog { get; init; }

    /// <summary>The proxies whose X-Forwarded-For is trusted. A client of a Unix socket has no address and is trusted.</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>Whether <c>/serve</c> serves the files of store paths.</summary>
    public bool Serve { get; init; } = true;

    /// <summary>Whether <c>/serve</c> lists directories without an index.html.</summary>
    public bool Listing { get; init; } = true;

    /// <summary>Whether <c>/log</c> serves build logs.</summary>
    public bool Log { get; init; } = true;

    /// <summary>The directory where Nix keeps these logs; null for the usual directory beside the store.</summary>
    public string? LogDirectory { get; init; }

    /// <summary>The sizes of the caches in memory.</summary>
    public MemoryOptions Memory { get; init; } = new();

    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>Other levels than <see cref="LogLevel"/> for parts of the program.</summary>
    public IReadOnlyList<LogDirective> LogDirectives { get; init; } = [];

    public LogFormat LogFormat { get; init; } = LogFormat.Text;
}
