namespace Harmonia.Cache.Pages;

/// <summary>What the landing page says.</summary>
public sealed record LandingContent
{
    /// <summary>Name and version.</summary>
    public required string Program { get; init; }

    /// <summary>Where clients reach the cache, without a slash at the end.</summary>
    public required string Address { get; init; }

    /// <summary>As <c>name:base64</c>.</summary>
    public required IReadOnlyList<string> PublicKeys { get; init; }

    public required string StoreDirectory { get; init; }

    public required int Priority { get; init; }

    /// <summary>Whether files of paths can be browsed.</summary>
    public required bool Serves { get; init; }

    /// <summary>Whether logs of builds are given out.</summary>
    public required bool HasLogs { get; init; }

    /// <summary>Whether figures for Prometheus are given out here.</summary>
    public required bool HasMetrics { get; init; }

    /// <summary>How many paths the store has, null while that is not known.</summary>
    public required int? Paths { get; init; }

    public required TimeSpan Uptime { get; init; }

    public required long Requests { get; init; }

    /// <summary>The share of narinfos asked for that were there, null before the first.</summary>
    public required double? HitRate { get; init; }
}
