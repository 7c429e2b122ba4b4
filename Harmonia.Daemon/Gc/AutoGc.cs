using Harmonia.Daemon.Database;
using Harmonia.Protocol.Messages.Gc;
using Microsoft.Extensions.Logging;

namespace Harmonia.Daemon.Gc;

/// <summary>
/// Collects garbage when the disk is nearly full: Nix's min-free and max-free. Any number of tasks may call it at once; they wait for the
/// same collection. Nix: src/libstore/gc.cc, LocalStore::autoGC.
/// </summary>
/// <param name="collector">The garbage collector.</param>
/// <param name="keep">What to keep in addition to what roots refer to.</param>
/// <param name="minFree">A collection starts when fewer bytes are free.</param>
/// <param name="maxFree">The collection ends when this many bytes are free.</param>
/// <param name="time">The clock for the interval between checks.</param>
/// <param name="logger">Gets a message for each collection.</param>
internal sealed class AutoGc(
    GarbageCollector collector, KeepRules keep, long minFree, long maxFree, TimeProvider time, ILogger logger)
{
    /// <summary>How often the free space is checked: Nix's min-free-check-interval.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Another collection is worth it once the free space falls below this share of what the last one left.</summary>
    private const double Gain = 0.97;

    private readonly Lock _gate = new();
    private Task _running = Task.CompletedTask;
    private long? _lastLook;
    private long _freeAfter = long.MaxValue;

    /// <summary>Returns the number of free bytes.</summary>
    public required Func<long> ReadFree { get; init; }

    /// <summary>Returns when enough space is free, or no more can be freed.</summary>
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
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or RefusedException)
        {
            // The write that follows fails by itself if there is not enough space.
            logger.AutomaticCollectionFailed(exception.Message);
        }
    }
}
