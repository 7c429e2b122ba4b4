namespace Harmonia.Protocol.Primitives;

/// <summary>
/// Gives memory back to the system while the process is idle. The runtime keeps the memory of a burst of work for the next one, and
/// collects nothing while nothing is allocated.
/// </summary>
public sealed class IdleHeap : IDisposable
{
    /// <summary>How often it looks whether the process is at work.</summary>
    internal static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    /// <summary>A process that takes less processor time in a period is idle. Health checks and scrapes of the metrics take less.</summary>
    internal static readonly TimeSpan IdleTime = TimeSpan.FromMilliseconds(200);

    /// <summary>A collection is worth its milliseconds after this many bytes were allocated.</summary>
    internal const long WorthCollecting = 1 << 20;

    private readonly Action _shrink;
    private readonly Func<TimeSpan> _processorTime;
    private readonly Func<long> _allocated;
    private readonly Action _collect;
    private readonly ITimer _timer;
    private TimeSpan _timeBefore;
    private long _allocatedBefore;

    /// <summary>Watches this process.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="shrink">Drops what is only kept to be quick, before a collection.</param>
    public IdleHeap(TimeProvider time, Action shrink)
        : this(time, shrink, () => Environment.CpuUsage.TotalTime, () => GC.GetTotalAllocatedBytes(), Collect)
    {
    }

    internal IdleHeap(TimeProvider time, Action shrink, Func<TimeSpan> processorTime, Func<long> allocated, Action collect)
    {
        (_shrink, _processorTime, _allocated, _collect) = (shrink, processorTime, allocated, collect);
        _timer = time.CreateTimer(_ => Look(), state: null, Period, Period);
    }

    /// <summary>Stops watching.</summary>
    public void Dispose() => _timer.Dispose();

    private static void Collect() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

    private void Look()
    {
        TimeSpan time = _processorTime();
        bool isIdle = time - _timeBefore < IdleTime;
        _timeBefore = time;
        if (!isIdle || _allocated() - _allocatedBefore < WorthCollecting)
        {
            return;
        }

        _shrink();
        _collect();
        _allocatedBefore = _allocated();
    }
}
