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

    /// <summary>So many periods without a use pass before what is kept to be quick is dropped.</summary>
    internal const int UnusedPeriods = 3;

    /// <summary>A collection is worth its milliseconds after so many bytes were allocated, and as many as the heap has.</summary>
    internal const long WorthCollecting = 16 << 20;

    private readonly Action _shrink;
    private readonly Func<long> _uses;
    private readonly IdleProcess _process;
    private readonly ITimer _timer;
    private TimeSpan _timeBefore;
    private long _allocatedBefore;
    private long _usesBefore;
    private int _unusedPeriods;
    private bool _mayShrink;

    /// <summary>Watches this process.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="uses">How often something was looked up that is kept to be quick.</param>
    /// <param name="shrink">Drops most of it. Called once while it stays unused, before a collection.</param>
    public IdleHeap(TimeProvider time, Func<long> uses, Action shrink)
        : this(time, uses, shrink, new IdleProcess())
    {
    }

    internal IdleHeap(TimeProvider time, Func<long> uses, Action shrink, IdleProcess process)
    {
        (_uses, _shrink, _process) = (uses, shrink, process);
        _usesBefore = uses();
        _timer = time.CreateTimer(_ => Look(), state: null, Period, Period);
    }

    /// <summary>Stops watching.</summary>
    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        TimeSpan time = _process.ProcessorTime();
        bool isIdle = time - _timeBefore < IdleTime;
        long uses = _uses();
        bool isUsed = uses != _usesBefore;
        (_timeBefore, _usesBefore) = (time, uses);
        _unusedPeriods = isUsed ? 0 : _unusedPeriods + 1;
        _mayShrink |= isUsed;
        if (!isIdle)
            return;
        // What is in use, however rarely, stays: who asks next would have to wait for it to be made again.
        bool isUnused = _mayShrink && _unusedPeriods >= UnusedPeriods;
        if (isUnused)
        {
            _shrink();
            _mayShrink = false;
        }
        else if (_process.Allocated() - _allocatedBefore < Math.Max(WorthCollecting, _process.HeapSize()))
        {
            return;
        }

        _process.Collect();
        _allocatedBefore = _process.Allocated();
    }
}
