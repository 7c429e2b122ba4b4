using System.Collections.Concurrent;
using Harmonia.Cache.Limits;
using Harmonia.Cache.Metrics;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Catalog;

/// <summary>
/// Caches the answers of another catalog, hits and misses, for as long as they hold, and leaves out paths in quarantine. An answer that
/// no longer holds is looked up again; if it is the same, its value stays the same object, so that what was made of it stays valid too.
/// Concurrent requests for one hash part share one lookup. Misses have a cache of their own, so that they evict no path.
/// </summary>
/// <param name="origin">The catalog to cache; the caller disposes it.</param>
/// <param name="freshness">Tells which answers still hold.</param>
/// <param name="quarantine">The paths to leave out.</param>
/// <param name="pathCapacity">How many bytes the cached paths may take.</param>
/// <param name="missCapacity">How many bytes the cached misses may take.</param>
/// <param name="statistics">Counts the outcomes of lookups.</param>
public sealed class CachingCatalog(
    IStoreCatalog origin, StoreFreshness freshness, Quarantine quarantine, long pathCapacity, long missCapacity,
    CacheStatistics statistics) : IStoreCatalog
{
    private readonly ByteBoundedCache<StorePathHash, CachedAnswer> _paths = new(pathCapacity);
    private readonly ByteBoundedCache<StorePathHash, CachedAnswer> _misses = new(missCapacity);
    private readonly ConcurrentDictionary<StorePathHash, Lookup> _underWay = new();

    /// <summary>How full the caches are.</summary>
    public IReadOnlyList<CacheUsage> Usage => [_paths.UsageAs("paths"), _misses.UsageAs("misses")];

    /// <summary>Drops most answers with a path: the daemon is near.</summary>
    public void Shrink() => _paths.Shrink();

    /// <inheritdoc/>
    public ValueTask<ValidPathInfo?> FindAsync(StorePathHash hash, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        CachedAnswer? cached = Recall(hash);
        if (cached is not null && freshness.Holds(hash, cached.Stamp))
        {
            statistics.Count(LookupOutcome.Hit);
            return new ValueTask<ValidPathInfo?>(quarantine.Filter(cached.Path));
        }

        return new ValueTask<ValidPathInfo?>(FindHealthyAsync(hash, cached));
    }

    /// <summary>
    /// What <see cref="FindAsync"/> would find in memory; not counted. False when it would ask the catalog, or check the files of a path
    /// in quarantine.
    /// </summary>
    public bool TryRecall(StorePathHash hash, out ValidPathInfo? path)
    {
        CachedAnswer? cached = Recall(hash);
        path = cached?.Path;
        return cached is not null && freshness.Holds(hash, cached.Stamp) && !quarantine.IsListed(hash);
    }

    /// <inheritdoc/>
    public ValueTask<CatalogState> CheckAsync(CancellationToken cancellationToken) => origin.CheckAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask<int> CountAsync(CancellationToken cancellationToken) => origin.CountAsync(cancellationToken);

    private async Task<ValidPathInfo?> FindHealthyAsync(StorePathHash hash, CachedAnswer? cached) => quarantine.Filter(await ShareAsync(hash, cached));

    private CachedAnswer? Recall(StorePathHash hash) =>
        _paths.TryGet(hash, out CachedAnswer? answer) || _misses.TryGet(hash, out answer) ? answer : null;

    private Task<ValidPathInfo?> ShareAsync(StorePathHash hash, CachedAnswer? cached)
    {
        Lookup mine = new(freshness.Stamp(hash));
        while (true)
        {
            Lookup current = _underWay.GetOrAdd(hash, mine);
            if (current == mine)
                break;
            // The answer to a lookup under way may already be out of date, like anything cached.
            if (freshness.Holds(hash, current.Stamp))
            {
                statistics.Count(LookupOutcome.Shared);
                return current.Answer.Task;
            }

            if (_underWay.TryUpdate(hash, mine, current))
                break;
        }

        return AskAsync(hash, cached, mine);
    }

    private async Task<ValidPathInfo?> AskAsync(StorePathHash hash, CachedAnswer? cached, Lookup mine)
    {
        try
        {
            ValidPathInfo? answer = await origin.FindAsync(hash, CancellationToken.None);
            bool isSame = cached is not null && cached.Path == answer;
            statistics.Count(cached is null ? LookupOutcome.Miss : isSame ? LookupOutcome.Revalidated : LookupOutcome.Changed);
            CachedAnswer current = new(isSame ? cached!.Path : answer, mine.Stamp);
            Cache(hash, current);
            mine.Answer.SetResult(current.Path);
            return current.Path;
        }
        catch (Exception exception)
        {
            mine.Answer.SetException(exception);
            // Observed here, because nobody else may be waiting for it.
            _ = mine.Answer.Task.Exception;
            throw;
        }
        finally
        {
            _underWay.TryRemove(KeyValuePair.Create(hash, mine));
        }
    }

    private void Cache(StorePathHash hash, CachedAnswer answer)
    {
        (ByteBoundedCache<StorePathHash, CachedAnswer> here, ByteBoundedCache<StorePathHash, CachedAnswer> there) =
            answer.Path is null ? (_misses, _paths) : (_paths, _misses);
        there.Remove(hash);
        here.Set(hash, answer, answer.Bytes);
    }

    private sealed class Lookup(AnswerStamp stamp)
    {
        public AnswerStamp Stamp => stamp;

        public TaskCompletionSource<ValidPathInfo?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
