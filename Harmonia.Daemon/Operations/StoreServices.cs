using Harmonia.Daemon.Adding;
using Harmonia.Daemon.Collecting;
using Harmonia.Daemon.Store;

namespace Harmonia.Daemon.Operations;

/// <summary>The parts of one store; every connection shares them.</summary>
internal sealed record StoreServices
{
    public required StoreDatabase Database { get; init; }

    public required StoreFiles Files { get; init; }

    public required Derivations Derivations { get; init; }

    public required TempRoots TempRoots { get; init; }

    public required GarbageCollectorRoots Roots { get; init; }

    public required GarbageCollector Collector { get; init; }

    /// <summary>What the collector keeps unless a client says otherwise.</summary>
    public KeepRules Keep { get; init; } = new(Outputs: false, Derivations: true);

    public required BuildLogs Logs { get; init; }

    public required StoreChanges Changes { get; init; }

    public required StoreWriter Writer { get; init; }

    /// <summary>What an untrusted client's paths are measured by.</summary>
    public required SignaturePolicy Signatures { get; init; }
}
