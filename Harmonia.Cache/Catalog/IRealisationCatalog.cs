using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Catalog;

/// <summary>
/// What the cache asks about outputs of content-addressed derivations. Nix up to 2.34 and later releases keep it in two forms, and a store
/// may have either, both or none. Both questions fail with the exceptions of the daemon's client.
/// </summary>
public interface IRealisationCatalog
{
    /// <summary>What an output was built to, by the hash of its derivation, or null.</summary>
    Task<Realisation?> FindAsync(DrvOutput output, CancellationToken cancellationToken);

    /// <summary>What an output was built to, by the path of its derivation, or null.</summary>
    Task<UnkeyedRealisation?> FindAsync(BuildTraceKey output, CancellationToken cancellationToken);
}
