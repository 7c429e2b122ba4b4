using System.Text;
using Harmonia.Protocol.Messages.Gc;

namespace Harmonia.Daemon.Commands.Garbage;

/// <summary>How many roots there are of each kind.</summary>
/// <param name="Generations">Generations of profiles.</param>
/// <param name="Processes">Paths that processes use.</param>
/// <param name="Temporary">Paths that a process or a connection keeps while it works.</param>
/// <param name="Links">Other symbolic links.</param>
internal sealed record RootSummary(int Generations, int Processes, int Temporary, int Links)
{
    /// <summary>Counts roots by their names, which are the same in Harmonia and Nix.</summary>
    public static RootSummary Of(IReadOnlyList<GcRoot> roots)
    {
        Dictionary<string, int> counts = roots.Select(root => KindOf(Encoding.Latin1.GetString(root.Link.Span))).CountBy(kind => kind).ToDictionary();
        return new RootSummary(
            counts.GetValueOrDefault(nameof(Generations)), counts.GetValueOrDefault(nameof(Processes)), counts.GetValueOrDefault(nameof(Temporary)),
            counts.GetValueOrDefault(nameof(Links)));
    }

    // Others see {censored} instead of the names of processes, and of {temp:…}.
    private static string KindOf(string link) =>
        link.StartsWith("{temp", StringComparison.Ordinal) ? nameof(Temporary)
        : link.StartsWith('{') || link.StartsWith("/proc/", StringComparison.Ordinal) ? nameof(Processes)
        : link.Contains("/profiles/", StringComparison.Ordinal) && link.EndsWith("-link", StringComparison.Ordinal) ? nameof(Generations)
        : nameof(Links);
}
