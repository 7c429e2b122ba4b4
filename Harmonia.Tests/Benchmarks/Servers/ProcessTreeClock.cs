using System.Globalization;
using System.Runtime.InteropServices;

namespace Harmonia.Benchmarks.Servers;

/// <summary>
/// The CPU time of a server: of its process and of the children it has and had. That of living ones is exact, as
/// clock_getcpuclockid(3) has it; that of children which ended comes in ticks, as proc_pid_stat(5) has it.
/// </summary>
internal sealed partial class ProcessTreeClock(int process)
{
    private const int CompleteProcess = 2;
    private const int StateField = 2;
    private const int ChildrenUserTimeField = 15;
    private const int ClockTicksPerSecond = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <param name="servesConnection">Whether there is a connection; else its children are waited for, if it had any for those there were.</param>
    public TimeSpan Read(bool servesConnection)
    {
        if (!servesConnection)
            AwaitChildren();
        TimeSpan sum = OfEndedChildren();
        foreach (int each in Children().Append(process))
            sum += Of(each);
        return sum;
    }

    private void AwaitChildren()
    {
        if (!SpinWait.SpinUntil(() => !Children().Any(), Patience))
            throw new TimeoutException($"Process {process} still has children that serve nobody.");
    }

    private IEnumerable<int> Children() => Directory.EnumerateDirectories($"/proc/{process}/task")
        .SelectMany(static task => File.ReadAllText($"{task}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Select(static text => int.Parse(text, CultureInfo.InvariantCulture));

    private TimeSpan OfEndedChildren()
    {
        string text = File.ReadAllText($"/proc/{process}/stat");

        // The name before the last parenthesis may have blanks in it.
        string[] fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        long ticks = fields.Skip(ChildrenUserTimeField - StateField).Take(2).Sum(static field => long.Parse(field, CultureInfo.InvariantCulture));
        return TimeSpan.FromSeconds((double)ticks / ClockTicksPerSecond);
    }

    private static TimeSpan Of(int process) =>
        // A child may have ended since it was listed.
        GetTime((~process << 3) | CompleteProcess, out TimeSpecification time) == 0
            ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000.0)
            : TimeSpan.Zero;

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeSpecification time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpecification
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
