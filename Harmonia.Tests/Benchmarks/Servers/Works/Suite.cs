using System.Text.RegularExpressions;

namespace Harmonia.Benchmarks.Servers.Works;

/// <summary>Works that are measured together.</summary>
/// <param name="Yardstick">The server that ratios compare with.</param>
/// <param name="Servers">What the works have started; the suite owns it.</param>
internal sealed record Suite(string Yardstick, IReadOnlyList<Work> Works, IAsyncDisposable? Servers = null) : IAsyncDisposable
{
    /// <summary>The works whose name matches a pattern; all without one.</summary>
    /// <exception cref="BenchmarkException">There is none.</exception>
    public IReadOnlyList<Work> Select(Regex? pattern)
    {
        if (pattern is null)
            return Works;
        Work[] selected = [.. Works.Where(work => pattern.IsMatch(work.Name))];
        return selected.Length > 0 ? selected : throw new BenchmarkException($"No work's name matches '{pattern}'; --list shows the names.");
    }

    public ValueTask DisposeAsync() => Servers?.DisposeAsync() ?? ValueTask.CompletedTask;
}
