using System.Collections.Concurrent;
using Harmonia.Cache.Catalog;
using Harmonia.Protocol.Store;

namespace Harmonia.Tests.Support;

/// <summary>A catalog without a daemon, which can be made to fail.</summary>
public sealed class InMemoryCatalog : IStoreCatalog, IRealisationCatalog
{
    private readonly ConcurrentDictionary<StorePathHash, ValidPathInfo> _paths = new();

    /// <summary>What is known by the hash of a derivation.</summary>
    public IDictionary<DrvOutput, Realisation> Realisations { get; } = new ConcurrentDictionary<DrvOutput, Realisation>();

    /// <summary>What is known by the path of a derivation.</summary>
    public IDictionary<BuildTraceKey, UnkeyedRealisation> BuildTrace { get; } = new ConcurrentDictionary<BuildTraceKey, UnkeyedRealisation>();

    /// <summary>What every lookup fails with, if not null.</summary>
    public Exception? Failure { get; set; }

    public CatalogState State { get; set; } = CatalogState.Ready;

    /// <summary>Adds a path, or replaces what is known of it.</summary>
    public ValidPathInfo Add(ValidPathInfo path) => _paths[path.Path.Hash] = path;

    /// <summary>Makes a path invalid.</summary>
    public void Remove(ValidPathInfo path) => _paths.TryRemove(path.Path.Hash, out _);

    public ValueTask<ValidPathInfo?> FindAsync(StorePathHash hash, CancellationToken cancellationToken) =>
        Failure is null
            ? ValueTask.FromResult(_paths.GetValueOrDefault(hash))
            : ValueTask.FromException<ValidPathInfo?>(Failure);

    public ValueTask<FirstPaths> FindReferrersAsync(StorePath path, int max, CancellationToken cancellationToken)
    {
        if (Failure is not null)
            return ValueTask.FromException<FirstPaths>(Failure);
        StorePath[] referrers = [.. _paths.Values.Where(other => other.Info.References.Contains(path)).Select(other => other.Path).Order()];
        return ValueTask.FromResult(new FirstPaths(referrers[..Math.Min(max, referrers.Length)], referrers.Length));
    }

    public Task<Realisation?> FindAsync(DrvOutput output, CancellationToken cancellationToken) =>
        Task.FromResult(Realisations.TryGetValue(output, out Realisation? realisation) ? realisation : null);

    public Task<UnkeyedRealisation?> FindAsync(BuildTraceKey output, CancellationToken cancellationToken) =>
        Task.FromResult(BuildTrace.TryGetValue(output, out UnkeyedRealisation? realisation) ? realisation : null);

    public ValueTask<CatalogState> CheckAsync(CancellationToken cancellationToken) => ValueTask.FromResult(State);

    public ValueTask<int> CountAsync(CancellationToken cancellationToken) =>
        Failure is null ? ValueTask.FromResult(_paths.Count) : ValueTask.FromException<int>(Failure);

    public Task ListAsync(Action<StorePathHash> found, CancellationToken cancellationToken)
    {
        if (Failure is not null)
            return Task.FromException(Failure);
        foreach (StorePathHash hash in _paths.Keys)
            found(hash);
        return Task.CompletedTask;
    }
}
