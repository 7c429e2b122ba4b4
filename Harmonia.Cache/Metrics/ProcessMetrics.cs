using System.Diagnostics;
using System.Globalization;

namespace Harmonia.Cache.Metrics;

/// <summary>
/// What the operating system and the runtime report about this process, under the names that Prometheus' own clients use.
/// </summary>
public static class ProcessMetrics
{
    /// <summary>Adds the metrics. All are read at each scrape.</summary>
    public static void Add(MetricRegistry registry)
    {
        AddProcess(registry);
        AddRuntime(registry);
    }

    private static void AddProcess(MetricRegistry registry)
    {
        registry.AddCounter(
            "process_cpu_seconds_total", "Total user and system CPU time spent in seconds",
            () => Environment.CpuUsage.TotalTime.TotalSeconds);
        registry.AddGauge("process_resident_memory_bytes", "Resident memory size in bytes", () => Environment.WorkingSet);
        registry.AddGauge("process_virtual_memory_bytes", "Virtual memory size in bytes", VirtualMemory);
        registry.AddGauge("process_open_fds", "Number of open file descriptors", CountDescriptors);
        registry.AddGauge("process_max_fds", "Maximum number of open file descriptors", MaxDescriptors);
        registry.AddGauge("process_threads", "Number of operating system threads", () => Status("Threads:"));
        registry.AddGauge("process_start_time_seconds", "Start time of the process since the Unix epoch in seconds", StartTime);
    }

    private static void AddRuntime(MetricRegistry registry)
    {
        registry.AddGauge(
            "dotnet_gc_heap_size_bytes", "Size of the managed heap in bytes", () => GC.GetTotalMemory(forceFullCollection: false));
        registry.AddCounter(
            "dotnet_gc_allocated_bytes_total", "Total number of bytes allocated on the managed heap", () => GC.GetTotalAllocatedBytes());
        registry.AddCounter(
            "dotnet_gc_collections_total", "Total number of garbage collections; each one also counts for all younger generations",
            "generation", Enumerable.Range(0, GC.MaxGeneration + 1).Select(Collections));
        registry.AddCounter(
            "dotnet_gc_pause_seconds_total", "Total time that garbage collections paused the process in seconds",
            () => GC.GetTotalPauseDuration().TotalSeconds);
        registry.AddGauge("dotnet_threadpool_threads", "Number of thread pool threads", () => ThreadPool.ThreadCount);
        registry.AddGauge(
            "dotnet_threadpool_queue_length", "Number of work items that wait for a thread", () => ThreadPool.PendingWorkItemCount);
        registry.AddCounter(
            "dotnet_lock_contentions_total", "Total number of times that a thread waited for a lock", () => Monitor.LockContentionCount);
    }

    private static (string Value, Func<double> Read) Collections(int generation) =>
        (generation.ToString(CultureInfo.InvariantCulture), () => GC.CollectionCount(generation));

    private static double StartTime()
    {
        using Process process = Process.GetCurrentProcess();
        return (process.StartTime.ToUniversalTime() - DateTime.UnixEpoch).TotalSeconds;
    }

    private static double VirtualMemory() => Status("VmSize:") * 1024;

    private static double CountDescriptors() => Directory.EnumerateFileSystemEntries("/proc/self/fd").Count();

    private static double MaxDescriptors() => Field("/proc/self/limits", "Max open files");

    private static double Status(string key) => Field("/proc/self/status", key);

    // Returns the first number after the key, or NaN for "unlimited" and for a missing key.
    private static double Field(string file, string key)
    {
        string? line = File.ReadLines(file).FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal));
        string? value = line?[key.Length..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return double.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out double number) ? number : double.NaN;
    }
}
