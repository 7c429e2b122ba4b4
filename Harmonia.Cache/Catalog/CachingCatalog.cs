using System.Collections.Concurrent;
using Harmonia.Cache.Limits;
using Harmonia.Cache.Metrics;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Catalog;

/// <summary>
/// Remembers what another catalog has answered, the good and the bad, for as long as it holds. An answer that does not is asked for
/// again; if it is the same, its value stays the same object, so that what was made of it can be kept too. However many ask for the
/// same hash part at once, it is looked up once. What is not in the store is remembered apart, so that no number of such questions
/// pushes out what is.
/// </summary>
/// <param name="origin">Who knows; stays the caller's.</param>
/// <param name="freshness">Tells what still holds.</param>
/// <param name="pathCapacity">How many bytes answers with a path may take.</param>
/// <param name="missCapacity">How many bytes answers without one may take.</param>
/// <param name="statistics">Counts how lookups were answered.</param>
public sealed class CachingCatalog(
    IStoreCatalog origin, StoreFreshness freshness, long pathCapacity, long missCapacity, LookupStatistics statistics) : IStoreCatalog
{
    private readonly ByteBoundedCache<StorePathHash, CachedAnswer> _paths = new(pathCapacity);
    private readonly ByteBoundedCache<StorePathHash, CachedAnswer> _misses = new(missCapacity);
    private readonly ConcurrentDictionary<StorePathHash, Lookup> _underWay = new();

    /// <summary>What is remembered.</summary>
    public IReadOnlyList<CacheUsage> Figures => [_paths.UsageAs("paths"), _misses.UsageAs("misses")];

    /// <inheritdoc/>
    public ValueTask<ValidPathInfo?> FindAsync(StorePathHash hash, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        CachedAnswer? remembered = Recall(hash);
        if (remembered is not null && freshness.Holds(hash, remembered.Stamp))
        {
            statistics.Count(LookupOutcome.Hit);
            return new ValueTask<ValidPathInfo?>(remembered.Path);
        }

        return new ValueTask<ValidPathInfo?>(ShareAsync(hash, remembered));
    }

    /// <summary>What <see cref="FindAsync"/> would find without asking anyone; not counted. False when it would ask.</summary>
    public bool TryRecall(StorePathHash hash, out ValidPathInfo? path)
    {
        CachedAnswer? remembered = Recall(hash);
        path = remembered?.Path;
        return remembered is not null && freshness.Holds(hash, remembered.Stamp);
    }

    /// <inheritdoc/>
    public ValueTask<CatalogState> CheckAsync(CancellationToken cancellationToken) => origin.CheckAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask<int> CountAsync(CancellationToken cancellationToken) => origin.CountAsync(cancellationToken);

    private CachedAnswer? Recall(StorePathHash hash) =>
        _paths.TryGet(hash, out CachedAnswer? answer) || _misses.TryGet(hash, out answer) ? answer : null;

    private Task<ValidPathInfo?> ShareAsync(StorePathHash hash, CachedAnswer? remembered)
    {
        Lookup mine = new(freshness.Stamp(hash));
        while (true)
        {
            Lookup current = _underWay.GetOrAdd(hash, mine);
            if (current == mine)
                break;
            // What another one is about to be answered may be out of date by now, like anything remembered.
            if (freshness.Holds(hash, current.Stamp))
            {
                statistics.Count(LookupOutcome.Shared);
                return current.Answer.Task;
            }

            if (_underWay.TryUpdate(hash, mine, current))
                break;
        }

        return AskAsync(hash, remembered, mine);
    }

    private async Task<ValidPathInfo?> AskAsync(StorePathHash hash, CachedAnswer? remembered, Lookup mine)
    {
        try
        {
            ValidPathInfo? answer = await origin.FindAsync(hash, CancellationToken.None);
            bool isSame = remembered is not null && remembered.Path == answer;
            statistics.Count(remembered is null ? LookupOutcome.Miss : isSame ? LookupOutcome.Revalidated : LookupOutcome.Changed);
            CachedAnswer current = new(isSame ? remembered!.Path : answer, mine.Stamp);
            Remember(hash, current);
            mine.Answer.SetResult(current.Path);
            return current.Path;
        }
        catch (Exception exception)
        {
            mine.Answer.SetException(exception);
            // Looked at, for the case that nobody else waits for it.
            _ = mine.Answer.Task.Exception;
            throw;
        }
        finally
        {
            _underWay.TryRemove(KeyValuePair.Create(hash, mine));
        }
    }

    private void Remember(StorePathHash hash, CachedAnswer answer)
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
