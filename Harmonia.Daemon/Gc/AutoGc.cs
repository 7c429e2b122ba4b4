using Harmonia.Daemon.Database;
using Harmonia.Protocol.Messages.Gc;
using Microsoft.Extensions.Logging;

namespace Harmonia.Daemon.Gc;

/// <summary>
/// Collects garbage when the disk is nearly full: Nix's min-free and max-free. Used by any number of tasks at once, which then wait for the
/// same collection. Nix: src/libstore/gc.cc, LocalStore::autoGC.
/// </summary>
/// <param name="collector">What collects.</param>
/// <param name="keep">What to keep besides what roots refer to.</param>
/// <param name="minFree">With fewer free bytes there is a collection.</param>
/// <param name="maxFree">With so many it ends.</param>
/// <param name="time">Says when to look again.</param>
/// <param name="logger">Told about each collection.</param>
internal sealed class AutoGc(
    GarbageCollector collector, KeepRules keep, long minFree, long maxFree, TimeProvider time, ILogger logger)
{
    /// <summary>How often the disk is looked at: Nix's min-free-check-interval.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>What of the space that the last collection left has to be gone before another one can be worth it.</summary>
    private const double Gain = 0.97;

    private readonly Lock _gate = new();
    private Task _running = Task.CompletedTask;
    private long? _lastLook;
    private long _freeAfter = long.MaxValue;

    /// <summary>Says how many bytes are free.</summary>
    public required Func<long> ReadFree { get; init; }

    /// <summary>Returns when there is room, or no more to be had.</summary>
    public Task MakeRoomAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_running.IsCompleted && FindShortage() is ulong shortage)
            {
                _running = Task.Run(() => CollectAsync(shortage), CancellationToken.None);
            }

            return _running.WaitAsync(cancellationToken);
        }
    }

    private ulong? FindShortage()
    {
        if (_lastLook is long last && time.GetElapsedTime(last) < Interval)
        {
            return null;
        }

        long free = ReadFree();
        _lastLook = time.GetTimestamp();
        return free < minFree && free < maxFree && free <= _freeAfter * Gain ? (ulong)(maxFree - free) : null;
    }

    private async Task CollectAsync(ulong shortage)
    {
        try
        {
            logger.CollectingAutomatically(shortage);
            CollectGarbageRequest request = new() { Action = GcAction.DeleteDead, MaxFreed = shortage };
            CollectGarbageResult result = await collector.CollectAsync(request, keep, static (_, _) => { }, CancellationToken.None);
            logger.CollectedAutomatically(result.Paths.Count, result.BytesFreed);
            lock (_gate)
            {
                _freeAfter = ReadFree();
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SqliteException)
        {
            // Whoever wants to write finds out by himself whether there is room enough.
            logger.AutomaticCollectionFailed(exception.Message);
        }
    }
}
