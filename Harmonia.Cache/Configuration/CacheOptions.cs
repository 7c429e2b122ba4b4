using System.Net;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Configuration;

/// <summary>What can be set. The defaults stand here and in docs/configuration.md, and nowhere else.</summary>
public sealed record CacheOptions
{
    private const UnixFileMode Anybody =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>At least one. Sockets that systemd hands over go before them.</summary>
    public IReadOnlyList<ListenAddress> Bind { get; init; } = [ListenAddress.Default];

    /// <summary>The mode of the socket files in <see cref="Bind"/>.</summary>
    public UnixFileMode UnixSocketMode { get; init; } = Anybody;

    /// <summary>I/O queues, and the most connections to the daemon at once.</summary>
    public int Workers { get; init; } = 4;

    /// <summary>Client connections per worker; 0 for no limit.</summary>
    public int MaxConnections { get; init; } = 2048;

    /// <summary>TLS handshakes at once, per worker; 0 for no limit.</summary>
    public int MaxTlsHandshakes { get; init; } = 256;

    /// <summary>NARs sent at once; 0 for no limit.</summary>
    public int MaxNarStreams { get; init; } = 1024;

    /// <summary>Answers compressed at once; 0 for no limit.</summary>
    public int MaxCompressions { get; init; } = 64;

    /// <summary>Whether NARs are compressed by zstd for clients that take that. They cannot be resumed then.</summary>
    public bool EnableCompression { get; init; }

    /// <summary>How zstd compresses.</summary>
    public ZstdOptions Zstd { get; init; } = new();

    /// <summary>Where NARs are kept compressed; null for nowhere.</summary>
    public NarCacheOptions? NarCache { get; init; }

    /// <summary>In bytes per second: what a client must take of each piece of its answer after five minutes; 0 for nothing.</summary>
    public int MinSendRate { get; init; } = 240;

    /// <summary>Clients ask the cache with the lowest number first.</summary>
    public int Priority { get; init; } = 30;

    /// <summary>What store paths begin with, in answers and in the daemon's database.</summary>
    public StoreDirectory VirtualStore { get; init; } = StoreDirectory.Default;

    /// <summary>Where the files are, if not in <see cref="VirtualStore"/>.</summary>
    public string? RealStore { get; init; }

    /// <summary>Files with secret keys, in the order they were named.</summary>
    public IReadOnlyList<string> SigningKeyPaths { get; init; } = [];

    /// <summary>What those keys sign.</summary>
    public SignPolicy Sign { get; init; } = SignPolicy.All;

    /// <summary>Null serves in the clear.</summary>
    public TlsOptions? Tls { get; init; }

    /// <summary>Who may ask; null for everybody.</summary>
    public string? CredentialsPath { get; init; }

    /// <summary>The daemon's socket; null chooses harmonia-daemon's if it is there, else the system's.</summary>
    public string? DaemonSocket { get; init; }

    /// <summary>Whether <c>/metrics</c> is answered.</summary>
    public bool Metrics { get; init; } = true;

    /// <summary>The only address where it is; null for the addresses of <see cref="Bind"/>.</summary>
    public ListenAddress? MetricsBind { get; init; }

    /// <summary>Whether each request stands in the log at information; else at debug.</summary>
    public bool AccessLog { get; init; }

    /// <summary>The proxies whose X-Forwarded-For is believed. A Unix socket has no address and is one of them if its mode lets it connect.</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>Whether <c>/serve</c> gives out the files of paths.</summary>
    public bool Serve { get; init; } = true;

    /// <summary>Whether <c>/serve</c> lists directories that have no index.html.</summary>
    public bool Listing { get; init; } = true;

    /// <summary>Whether <c>/log</c> gives out the logs of builds.</summary>
    public bool Log { get; init; } = true;

    /// <summary>Where Nix keeps those logs; null for the usual place beside the store's files.</summary>
    public string? LogDirectory { get; init; }

    /// <summary>What is kept in memory.</summary>
    public MemoryOptions Memory { get; init; } = new();

    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>Exceptions from <see cref="LogLevel"/> for parts of the program.</summary>
    public IReadOnlyList<LogDirective> LogDirectives { get; init; } = [];

    public LogFormat LogFormat { get; init; } = LogFormat.Text;
}
