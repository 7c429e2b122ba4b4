using System.Text.RegularExpressions;

namespace Harmonia.Benchmarks.Servers.Commands;

/// <summary>What the command line asks for.</summary>
internal sealed record Options
{
    /// <summary>Fewer and shorter rounds.</summary>
    public bool Quick { get; init; }

    /// <summary>Which works; null for all.</summary>
    public Regex? Only { get; init; }

    /// <summary>Servers beside nginx and ours.</summary>
    public IReadOnlyList<Peer> Peers { get; init; } = [];

    /// <summary>A file that gets the tables as well; null for none.</summary>
    public string? Output { get; init; }

    /// <summary>How many minutes the mixed load of the memory work lasts; null for what the scale says.</summary>
    public int? LoadMinutes { get; init; }

    /// <summary>The numbers of paths of the stores that grow; null for what the scale says.</summary>
    public IReadOnlyList<int>? Paths { get; init; }

    /// <summary>Whether to name the works instead.</summary>
    public bool List { get; init; }
}
