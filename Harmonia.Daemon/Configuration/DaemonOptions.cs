using Harmonia.Protocol.Store;
using Microsoft.Extensions.Logging;

namespace Harmonia.Daemon.Configuration;

/// <summary>Everything an operator can set, checked. docs/configuration.md has the same defaults.</summary>
internal sealed record DaemonOptions
{
    public const string DefaultStateDirectory = "/nix/var/nix";
    public const string DefaultLogDirectory = "/nix/var/log/nix";
    public const string DefaultSocketMode = "0666";
    public const int DefaultMaxConnections = 4096;
    public const int DefaultDatabaseConnections = 16;
    public const int DefaultHandshakeTimeout = 10;
    public const int DefaultShutdownTimeout = 30;

    /// <summary>Everybody may connect.</summary>
    public static readonly IReadOnlyList<string> DefaultAllowedUsers = ["*"];

    /// <summary>The key of cache.nixos.org, which Nix trusts unless told otherwise.</summary>
    public static readonly IReadOnlyList<PublicKey> DefaultTrustedPublicKeys =
        [PublicKey.Parse("cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=")];

    /// <summary>Where the daemon listens.</summary>
    public required string SocketPath { get; init; }

    /// <summary>Who may connect, as the permissions of the socket.</summary>
    public required UnixFileMode SocketMode { get; init; }

    /// <summary>What store paths begin with.</summary>
    public required StoreDirectory StoreDirectory { get; init; }

    /// <summary>The folder their files are in.</summary>
    public required string RealStoreDirectory { get; init; }

    /// <summary>Nix's state: temporary roots, the collector's lock.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>The store's database.</summary>
    public required string DatabasePath { get; init; }

    /// <summary>Build logs.</summary>
    public required string LogDirectory { get; init; }

    /// <summary>Who may do everything: users, @groups, or * for all. Null for root and the daemon's own user.</summary>
    public IReadOnlyList<string>? TrustedUsers { get; init; }

    /// <summary>Who may connect besides: users, @groups, or * for all.</summary>
    public IReadOnlyList<string> AllowedUsers { get; init; } = DefaultAllowedUsers;

    /// <summary>The group of those who build, who may not connect; empty for none.</summary>
    public string BuildUsersGroup { get; init; } = "";

    /// <summary>Whether paths need a signature that are not named by their content.</summary>
    public bool RequireSignatures { get; init; } = true;

    /// <summary>Whose signatures count.</summary>
    public IReadOnlyList<PublicKey> TrustedPublicKeys { get; init; } = DefaultTrustedPublicKeys;

    /// <summary>The files of the keys that sign what is built here. What they have signed counts as well.</summary>
    public IReadOnlyList<string> SecretKeyFiles { get; init; } = [];

    /// <summary>Where paths may be fetched from.</summary>
    public IReadOnlyList<string> Substituters { get; init; } = [];

    /// <summary>What any client may choose as substituter besides those.</summary>
    public IReadOnlyList<string> TrustedSubstituters { get; init; } = [];

    /// <summary>Whether files are on their disk before their paths become valid.</summary>
    public bool SynchroniseStorePaths { get; init; }

    /// <summary>Whether the collector keeps the outputs of derivations that it keeps.</summary>
    public bool KeepOutputs { get; init; }

    /// <summary>Whether the collector keeps the derivations of outputs that it keeps.</summary>
    public bool KeepDerivations { get; init; } = true;

    /// <summary>With fewer free bytes on the store's file system an addition starts the collector; 0 for never.</summary>
    public long MinFree { get; init; }

    /// <summary>With how many free bytes a collection that an addition started ends.</summary>
    public long MaxFree { get; init; } = long.MaxValue;

    /// <summary>Whether the database is on its disk before a change of it counts.</summary>
    public bool SynchroniseMetadata { get; init; } = true;

    /// <summary>Whether files that are added become links to equal ones.</summary>
    public bool AutoOptimiseStore { get; init; }

    /// <summary>The <c>nix-store</c> that builds what clients ask for; null for none.</summary>
    public string? BuildDelegate { get; init; }

    /// <summary>The least important messages that are written.</summary>
    public required LogLevel LogLevel { get; init; }

    /// <summary>How many clients are served at once; more wait to be accepted.</summary>
    public int MaxConnections { get; init; } = DefaultMaxConnections;

    /// <summary>How many answers may be looked up in the database at once.</summary>
    public int DatabaseConnections { get; init; } = DefaultDatabaseConnections;

    /// <summary>How long a client may take to introduce itself.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(DefaultHandshakeTimeout);

    /// <summary>How long running requests may go on after the daemon was told to stop.</summary>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(DefaultShutdownTimeout);
}
