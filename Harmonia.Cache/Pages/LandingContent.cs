namespace Harmonia.Cache.Pages;

/// <summary>The contents of the landing page.</summary>
public sealed record LandingContent
{
    /// <summary>Name and version.</summary>
    public required string Program { get; init; }

    /// <summary>Who runs the cache; null if it is not known.</summary>
    public required string? Operator { get; init; }

    /// <summary>Why paths can't be served now; null if they can.</summary>
    public required StoreProblem? Problem { get; init; }

    /// <summary>Where clients reach the cache, without a slash at the end.</summary>
    public required string Address { get; init; }

    /// <summary>As <c>name:base64</c>.</summary>
    public required IReadOnlyList<string> PublicKeys { get; init; }

    public required string StoreDirectory { get; init; }

    public required int Priority { get; init; }

    /// <summary>Whether files of paths can be browsed.</summary>
    public required bool Serves { get; init; }

    /// <summary>Whether build logs are served.</summary>
    public required bool HasLogs { get; init; }

    /// <summary>Whether metrics are served at this address.</summary>
    public required bool HasMetrics { get; init; }

    /// <summary>How many paths the store has; null until this is known.</summary>
    public required int? Paths { get; init; }

    public required TimeSpan Uptime { get; init; }

    public required long Requests { get; init; }

    /// <summary>The share of requested narinfos that were found; null before the first request.</summary>
    public required double? HitRate { get; init; }
}
