namespace Harmonia.Benchmarks.Servers.Load;

/// <summary>How wrk asks.</summary>
internal sealed record WrkLoad
{
    /// <summary>The most that it lasts.</summary>
    public required int Seconds { get; init; }

    /// <summary>After how many requests it ends earlier; null for none.</summary>
    public int? Count { get; init; }

    /// <summary>How many targets to pass over before the first one that is asked for.</summary>
    public int First { get; init; }

    public int Connections { get; init; } = 32;

    /// <summary>How long each connection waits before a request, in milliseconds; null for not at all.</summary>
    public int? Delay { get; init; }

    /// <summary>One more header; null for none.</summary>
    public (string Name, string Value)? Header { get; init; }
}
