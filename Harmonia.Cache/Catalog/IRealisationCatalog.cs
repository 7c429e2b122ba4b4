using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Catalog;

/// <summary>
/// The cache's questions about outputs of content-addressed derivations. Nix up to 2.34 and later releases store them in two forms, and
/// a store may have either, both or none. Both questions fail with the exceptions of the daemon's client.
/// </summary>
public interface IRealisationCatalog
{
    /// <summary>The realisation of an output by the hash of its derivation, or null.</summary>
    Task<Realisation?> FindAsync(DrvOutput output, CancellationToken cancellationToken);

    /// <summary>The realisation of an output by the path of its derivation, or null.</summary>
    Task<UnkeyedRealisation?> FindAsync(BuildTraceKey output, CancellationToken cancellationToken);
}
