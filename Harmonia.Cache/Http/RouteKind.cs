namespace Harmonia.Cache.Http;

/// <summary>The kinds of URL that this cache answers.</summary>
public enum RouteKind
{
    /// <summary>Anything else, malformed hashes included.</summary>
    Unknown,
    CacheInfo,
    NarInfo,
    Nar,

    /// <summary>A path's NAR listing.</summary>
    NarListing,

    /// <summary>Files below a path.</summary>
    Serve,

    /// <summary>The log of a build.</summary>
    Log,

    /// <summary>What an output was built to, by the hash of its derivation.</summary>
    Realisation,

    /// <summary>What an output was built to, by the path of its derivation.</summary>
    BuildTrace,

    /// <summary>The page for people.</summary>
    Landing,
    Version,
    Health,
    Readiness,
    Metrics,
}
