using System.Globalization;

namespace Harmonia.Benchmarks.Servers.Processes;

/// <summary>A process and the children that it has: what proc(5) tells of them.</summary>
internal sealed class ProcessTree(int process)
{
    private const int StateField = 2;
    private const int ChildrenUserTimeField = 15;
    private const int ClockTicksPerSecond = 100;
    private const double KilobytesPerMegabyte = 1000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The CPU time so far of the process and of the children that it has and had. That of living ones is exact to the nanosecond; that of
    /// children which have ended comes in ticks of 10 ms.
    /// </summary>
    public TimeSpan CpuTime => All().Aggregate(CpuTimeOfEndedChildren(), static (sum, each) => sum + Libc.CpuTimeOf(each));

    /// <summary>The resident set of all, in MB (10^6 bytes as the kernel counts them: kB / 1000). Shared pages count for each.</summary>
    public double ResidentMegabytes => Sum("status", "VmRSS:");

    /// <summary>The largest resident set that each had so far, in MB.</summary>
    public double PeakMegabytes => Sum("status", "VmHWM:");

    /// <summary>The proportional set of all, in MB: shared pages are shared out.</summary>
    public double ProportionalMegabytes => Sum("smaps_rollup", "Pss:");

    /// <summary>Waits until the process has no children: those of nix-daemon end some time after their connections.</summary>
    public void AwaitChildren()
    {
        if (!SpinWait.SpinUntil(() => !Children().Any(), Patience))
            throw new BenchmarkException($"Process {process} still has children that serve nobody.");
    }

    private IEnumerable<int> All() => Children().Prepend(process);

    private IEnumerable<int> Children()
    {
        string tasks = $"/proc/{process}/task";
        return Directory.Exists(tasks)
            ? Directory.EnumerateDirectories(tasks)
                .SelectMany(static task => TextOf($"{task}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Select(static text => int.Parse(text, CultureInfo.InvariantCulture))
            : [];
    }

    private TimeSpan CpuTimeOfEndedChildren()
    {
        string text = TextOf($"/proc/{process}/stat");

        // The name before the last parenthesis may contain blanks.
        string[] fields = text.Length == 0 ? [] : text[(text.LastIndexOf(')') + 2)..].Split(' ');
        long ticks = fields.Skip(ChildrenUserTimeField - StateField).Take(2).Sum(static field => long.Parse(field, CultureInfo.InvariantCulture));
        return TimeSpan.FromSeconds((double)ticks / ClockTicksPerSecond);
    }

    private double Sum(string file, string field) => All()
        .SelectMany(each => TextOf($"/proc/{each}/{file}").Split('\n'))
        .Where(line => line.StartsWith(field, StringComparison.Ordinal))
        .Sum(static line => double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture))
        / KilobytesPerMegabyte;

    /// <summary>A process or thread may have ended since it was listed; then its files are empty.</summary>
    private static string TextOf(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
