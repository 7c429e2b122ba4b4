namespace Harmonia.Cache.Endpoints;

/// <summary>The kinds of URL that this cache answers.</summary>
public enum RouteKind
{
    /// <summary>Anything else, malformed hashes included.</summary>
    Unknown,
    CacheInfo,
    NarInfo,
    Nar,
    Version,
    Health,
    Readiness,
    Metrics,
}
