namespace Harmonia.Cache.Metrics;

/// <summary>How a lookup by hash part was answered.</summary>
public enum LookupOutcome
{
    /// <summary>From memory.</summary>
    Hit,

    /// <summary>Together with another one that was under way.</summary>
    Shared,

    /// <summary>By the daemon, as nothing was remembered.</summary>
    Miss,

    /// <summary>By the daemon, and as remembered.</summary>
    Revalidated,

    /// <summary>By the daemon, and otherwise than remembered.</summary>
    Changed,
}
