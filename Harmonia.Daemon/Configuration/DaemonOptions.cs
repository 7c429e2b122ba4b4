using Harmonia.Protocol.Store;
using Microsoft.Extensions.Logging;

namespace Harmonia.Daemon.Configuration;

/// <summary>The options of the daemon, checked. docs/configuration.md has the same defaults.</summary>
internal sealed record DaemonOptions
{
    public const string DefaultStateDirectory = "/nix/var/nix";
    public const string DefaultLogDirectory = "/nix/var/log/nix";
    public const string DefaultSocketMode = "0666";
    public const int DefaultMaxConnections = 4096;
    public const int DefaultDatabaseConnections = 16;
    public const int DefaultHandshakeTimeout = 10;
    public const int DefaultShutdownTimeout = 30;

    /// <summary>By default, everybody may connect.</summary>
    public static readonly IReadOnlyList<string> DefaultAllowedUsers = ["*"];

    /// <summary>The key of cache.nixos.org, which Nix trusts by default.</summary>
    public static readonly IReadOnlyList<PublicKey> DefaultTrustedPublicKeys =
        [PublicKey.Parse("cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=")];

    /// <summary>The socket on which the daemon listens.</summary>
    public required string SocketPath { get; init; }

    /// <summary>The permissions of the socket.</summary>
    public required UnixFileMode SocketMode { get; init; }

    /// <summary>The prefix of store paths.</summary>
    public required StoreDirectory StoreDirectory { get; init; }

    /// <summary>The directory of their files.</summary>
    public required string RealStoreDirectory { get; init; }

    /// <summary>The directory of Nix's state: temporary roots and the garbage collector's lock.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>The store's database.</summary>
    public required string DatabasePath { get; init; }

    /// <summary>The directory of build logs.</summary>
    public required string LogDirectory { get; init; }

    /// <summary>The trusted users: names, @groups, or * for all. Null for root and the daemon's own user.</summary>
    public IReadOnlyList<string>? TrustedUsers { get; init; }

    /// <summary>Other users who may connect: names, @groups, or * for all.</summary>
    public IReadOnlyList<string> AllowedUsers { get; init; } = DefaultAllowedUsers;

    /// <summary>The group of the build users, who may not connect; empty for none.</summary>
    public string BuildUsersGroup { get; init; } = "";

    /// <summary>Whether paths that are not content-addressed need a signature.</summary>
    public bool RequireSignatures { get; init; } = true;

    /// <summary>The keys whose signatures are trusted.</summary>
    public IReadOnlyList<PublicKey> TrustedPublicKeys { get; init; } = DefaultTrustedPublicKeys;

    /// <summary>The files of the keys that sign builds of this machine. Their signatures are trusted too.</summary>
    public IReadOnlyList<string> SecretKeyFiles { get; init; } = [];

    /// <summary>The binary caches to substitute from.</summary>
    public IReadOnlyList<string> Substituters { get; init; } = [];

    /// <summary>Other substituters that any client may select.</summary>
    public IReadOnlyList<string> TrustedSubstituters { get; init; } = [];

    /// <summary>Whether files are flushed to disk before their paths become valid.</summary>
    public bool SynchroniseStorePaths { get; init; }

    /// <summary>Whether the garbage collector keeps the outputs of live derivations.</summary>
    public bool KeepOutputs { get; init; }

    /// <summary>Whether the garbage collector keeps the derivations of live outputs.</summary>
    public bool KeepDerivations { get; init; } = true;

    /// <summary>If the store's file system has fewer free bytes, an addition starts the garbage collector; 0 for never.</summary>
    public long MinFree { get; init; }

    /// <summary>The number of free bytes at which such a collection ends.</summary>
    public long MaxFree { get; init; } = long.MaxValue;

    /// <summary>Whether the database is flushed to disk with each transaction.</summary>
    public bool SynchroniseMetadata { get; init; } = true;

    /// <summary>Whether added files become hard links to identical files.</summary>
    public bool AutoOptimiseStore { get; init; }

    /// <summary>The <c>nix-store</c> that builds for clients; null for none.</summary>
    public string? BuildDelegate { get; init; }

    /// <summary>The lowest log level that is written.</summary>
    public required LogLevel LogLevel { get; init; }

    /// <summary>The format of log lines.</summary>
    public LogFormat LogFormat { get; init; }

    /// <summary>The maximum number of clients at the same time. Others wait to be accepted.</summary>
    public int MaxConnections { get; init; } = DefaultMaxConnections;

    /// <summary>The maximum number of database connections.</summary>
    public int DatabaseConnections { get; init; } = DefaultDatabaseConnections;

    /// <summary>The time limit of the handshake.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(DefaultHandshakeTimeout);

    /// <summary>The time that running requests get to finish when the daemon stops.</summary>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(DefaultShutdownTimeout);
}
