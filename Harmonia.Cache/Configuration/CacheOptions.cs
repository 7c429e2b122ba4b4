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

    public ListenAddress Bind { get; init; } = ListenAddress.Default;

    /// <summary>The mode of the socket file, if <see cref="Bind"/> is one.</summary>
    public UnixFileMode UnixSocketMode { get; init; } = Anybody;

    /// <summary>I/O queues, and the most connections to the daemon at once.</summary>
    public int Workers { get; init; } = 4;

    /// <summary>Client connections per worker; 0 for no limit.</summary>
    public int MaxConnections { get; init; } = 2048;

    /// <summary>Clients ask the cache with the lowest number first.</summary>
    public int Priority { get; init; } = 30;

    /// <summary>What store paths begin with, in answers and in the daemon's database.</summary>
    public StoreDirectory VirtualStore { get; init; } = StoreDirectory.Default;

    /// <summary>Where the files are, if not in <see cref="VirtualStore"/>.</summary>
    public string? RealStore { get; init; }

    /// <summary>Files with secret keys, in the order they were named.</summary>
    public IReadOnlyList<string> SigningKeyPaths { get; init; } = [];

    /// <summary>The daemon's socket; null chooses harmonia-daemon's if it is there, else the system's.</summary>
    public string? DaemonSocket { get; init; }

    /// <summary>Whether <c>/metrics</c> is answered.</summary>
    public bool Metrics { get; init; } = true;

    /// <summary>Whether each request stands in the log at information; else at debug.</summary>
    public bool AccessLog { get; init; }

    /// <summary>The proxies whose X-Forwarded-For is believed. A Unix socket has no address and is one of them if its mode lets it connect.</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    public LogLevel LogLevel { get; init; } = LogLevel.Information;
}
