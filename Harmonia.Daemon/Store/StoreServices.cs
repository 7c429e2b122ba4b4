namespace Harmonia.Daemon.Store;

/// <summary>The parts of one store; every connection shares them.</summary>
internal sealed record StoreServices(
    StoreDatabase Database, StoreFiles Files, Derivations Derivations, TempRoots TempRoots, StoreChanges Changes);
