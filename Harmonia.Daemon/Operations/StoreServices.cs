using Harmonia.Daemon.Adding;
using Harmonia.Daemon.Building;
using Harmonia.Daemon.Configuration;
using Harmonia.Daemon.Database;
using Harmonia.Daemon.Gc;
using Harmonia.Daemon.Store;

namespace Harmonia.Daemon.Operations;

/// <summary>The services of one store. All connections share them.</summary>
internal sealed record StoreServices
{
    public required StoreDatabase Database { get; init; }

    public required StoreFiles Files { get; init; }

    public required Derivations Derivations { get; init; }

    public required TempRoots TempRoots { get; init; }

    public required GarbageCollectorRoots Roots { get; init; }

    public required GarbageCollector Collector { get; init; }

    public required BuildLogs Logs { get; init; }

    public required StoreChanges Changes { get; init; }

    public required PathInfoCache PathInfos { get; init; }

    public required PathCount PathCount { get; init; }

    public required StoreRegistry Registry { get; init; }

    public required StoreWriter Writer { get; init; }

    /// <summary>The settings of a client that has set none.</summary>
    public required ConnectionSettings Settings { get; init; }

    /// <summary>The local Nix that builds for this daemon; null if there is none.</summary>
    public BuildDelegate? Delegate { get; init; }
}
