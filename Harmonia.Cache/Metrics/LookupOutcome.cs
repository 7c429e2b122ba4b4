namespace Harmonia.Cache.Metrics;

/// <summary>How a lookup by hash part was answered.</summary>
public enum LookupOutcome
{
    /// <summary>From memory.</summary>
    Hit,

    /// <summary>Together with another lookup of the same path.</summary>
    Shared,

    /// <summary>By the daemon; nothing was in memory.</summary>
    Miss,

    /// <summary>By the daemon, which confirmed what was in memory.</summary>
    Revalidated,

    /// <summary>By the daemon, whose answer differs from what was in memory.</summary>
    Changed,
}
