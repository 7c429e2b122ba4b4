namespace Harmonia.Protocol.Primitives;

/// <summary>What <see cref="IdleHeap"/> asks of the process and its runtime. Tests give other answers.</summary>
internal sealed record IdleProcess
{
    /// <summary>The processor time that the process has taken.</summary>
    public Func<TimeSpan> ProcessorTime { get; init; } = () => Environment.CpuUsage.TotalTime;

    /// <summary>How many bytes were allocated since the start.</summary>
    public Func<long> Allocated { get; init; } = () => GC.GetTotalAllocatedBytes();

    /// <summary>How many bytes the heap has, garbage included.</summary>
    public Func<long> HeapSize { get; init; } = () => GC.GetTotalMemory(forceFullCollection: false);

    /// <summary>Collects, and returns the memory to the system.</summary>
    public Action Collect { get; init; } = () => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
}
