using System.Diagnostics;
using System.Globalization;

namespace Harmonia.Cache.Metrics;

/// <summary>What the operating system and the runtime know of this process, under the names that Prometheus' own clients use.</summary>
public static class ProcessMetrics
{
    private const string Counter = CounterFamily.Counter;
    private const string Gauge = CounterFamily.Gauge;

    /// <summary>The metrics; all are read when asked for.</summary>
    public static IReadOnlyList<IMetricFamily> Families { get; } =
    [
        new ReadFamily("process_cpu_seconds_total", Counter, "Total user and system CPU time spent in seconds",
            () => Environment.CpuUsage.TotalTime.TotalSeconds),
        new ReadFamily("process_resident_memory_bytes", Gauge, "Resident memory size in bytes", () => Environment.WorkingSet),
        new ReadFamily("process_virtual_memory_bytes", Gauge, "Virtual memory size in bytes", VirtualMemory),
        new ReadFamily("process_open_fds", Gauge, "Number of open file descriptors", CountDescriptors),
        new ReadFamily("process_max_fds", Gauge, "Maximum number of open file descriptors", MaxDescriptors),
        new ReadFamily("process_threads", Gauge, "Number of operating system threads", () => Status("Threads:")),
        new ReadFamily("process_start_time_seconds", Gauge, "Start time of the process since the Unix epoch in seconds", StartTime),
        new ReadFamily("dotnet_gc_heap_size_bytes", Gauge, "Size of the managed heap in bytes", () => GC.GetTotalMemory(forceFullCollection: false)),
        new ReadFamily("dotnet_gc_allocated_bytes_total", Counter, "Total number of bytes allocated on the managed heap",
            () => GC.GetTotalAllocatedBytes()),
        new ReadFamily("dotnet_gc_collections_total", Counter, "Total number of collections of each generation; those of an older one count for the younger too",
            [.. Enumerable.Range(0, GC.MaxGeneration + 1).Select(Collections)]),
        new ReadFamily("dotnet_gc_pause_seconds_total", Counter, "Total time paused for garbage collections in seconds",
            () => GC.GetTotalPauseDuration().TotalSeconds),
        new ReadFamily("dotnet_threadpool_threads", Gauge, "Number of thread pool threads", () => ThreadPool.ThreadCount),
        new ReadFamily("dotnet_threadpool_queue_length", Gauge, "Number of work items that wait for a thread",
            () => ThreadPool.PendingWorkItemCount),
        new ReadFamily("dotnet_lock_contentions_total", Counter, "Total number of times that a thread had to wait for a lock",
            () => Monitor.LockContentionCount),
    ];

    private static (string Labels, Func<double> Read) Collections(int generation) => (
        MetricLabels.Format(("generation", generation.ToString(CultureInfo.InvariantCulture))), () => GC.CollectionCount(generation));

    private static double StartTime()
    {
        using Process process = Process.GetCurrentProcess();
        return (process.StartTime.ToUniversalTime() - DateTime.UnixEpoch).TotalSeconds;
    }

    private static double VirtualMemory() => Status("VmSize:") * 1024;

    private static double CountDescriptors() => Directory.EnumerateFileSystemEntries("/proc/self/fd").Count();

    private static double MaxDescriptors() => Field("/proc/self/limits", "Max open files");

    private static double Status(string key) => Field("/proc/self/status", key);

    // The first number after the key; "unlimited" and what is missing are read as no number at all.
    private static double Field(string file, string key)
    {
        string? line = File.ReadLines(file).FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal));
        string? value = line?[key.Length..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return double.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out double number) ? number : double.NaN;
    }
}
