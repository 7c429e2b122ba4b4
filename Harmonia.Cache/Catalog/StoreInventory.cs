using Harmonia.Cache.Limits;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Catalog;

/// <summary>
/// Knows for most hash parts that are not in the store that they are not, without asking for them. It is read from the daemon as soon as
/// misses have cost as much as reading it does, and holds as long as announcements name every path that has changed. Without announcements
/// it is not read. Owns the task that reads it.
/// </summary>
public sealed class StoreInventory : IAsyncDisposable
{
    // Reading it takes 1 to 2 µs of CPU time for each path, a question for a path that the store lacks some 20.
    private const int PathsForMiss = 16;
    private const int MinMisses = 256;

    // Paths that are added meanwhile.
    private const int SpareDivisor = 4;

    private readonly IStoreCatalog _origin;
    private readonly StoreFreshness _freshness;
    private readonly long _capacity;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private volatile Contents? _current;
    private volatile HashPartFilter? _next;
    private Task _reading = Task.CompletedTask;
    private int _missesToRead = MinMisses;
    private int _misses;

    /// <param name="origin">The catalog to read from; the caller disposes it.</param>
    /// <param name="freshness">Tells whether it still holds.</param>
    /// <param name="capacity">How many bytes it may take.</param>
    public StoreInventory(IStoreCatalog origin, StoreFreshness freshness, long capacity) =>
        (_origin, _freshness, _capacity) = (origin, freshness, capacity);

    /// <summary>The memory it takes, in bytes, and the number of paths it was made for.</summary>
    public CacheUsage Usage => new("inventory", () => _current?.Filter.Bytes ?? 0, () => _current?.Count ?? 0, static () => 0);

    /// <summary>Whether the store certainly has no path with this hash part. Never waits.</summary>
    /// <remarks>In this order: changes are complete up to the moment that counts for the first check, so the second one sees them.</remarks>
    public bool Lacks(StorePathHash hash) =>
        _current is { } current && _freshness.Holds(current.Stamp) && !current.Filter.MayHave(hash);

    /// <summary>A path with this hash part was perhaps added.</summary>
    public void Changed(StorePathHash hash)
    {
        // In this order: what is read becomes what holds before it is forgotten here.
        _next?.Add(hash);
        _current?.Filter.Add(hash);
    }

    /// <summary>The daemon was asked for a path that it does not have.</summary>
    public void Missed()
    {
        if (Interlocked.Increment(ref _misses) < Volatile.Read(ref _missesToRead) || _capacity == 0 || !_freshness.IsAnnounced)
            return;
        lock (_gate)
        {
            if (!_reading.IsCompleted || _stopping.IsCancellationRequested)
                return;
            Volatile.Write(ref _misses, 0);
            _reading = Task.Run(ReadAsync);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _reading;
        _stopping.Dispose();
    }

    private async Task ReadAsync()
    {
        try
        {
            int count = await _origin.CountAsync(_stopping.Token);
            Volatile.Write(ref _missesToRead, Math.Max(MinMisses, count / PathsForMiss));
            HashPartFilter filter = new(count + (count / SpareDivisor), _capacity);
            _next = filter;
            ulong stamp = _freshness.Stamp(default).Remembered;
            await _origin.ListAsync(filter.Add, _stopping.Token);
            _current = new Contents(filter, stamp, count);
        }
        catch (Exception exception) when (exception is IOException or RemoteErrorException or TimeoutException or OperationCanceledException)
        {
            // It is tried again after as many misses. If the daemon is away, the next lookup says so.
        }
        finally
        {
            _next = null;
        }
    }

    private sealed record Contents(HashPartFilter Filter, ulong Stamp, int Count);
}
