namespace Harmonia.Cache.Http;

/// <summary>The kinds of URL that this cache answers.</summary>
public enum RouteKind
{
    /// <summary>Anything else, malformed hashes included.</summary>
    Unknown,
    CacheInfo,
    NarInfo,

    /// <summary>A NAR by the hash of its path and its own.</summary>
    Nar,

    /// <summary>A NAR by its own hash, with that of its path in the query or not at all.</summary>
    NarOfNarHash,

    /// <summary>A NAR by the hash of its path.</summary>
    NarOfOutHash,

    /// <summary>A NAR compressed by zstd, by both hashes.</summary>
    ZstdNar,

    /// <summary>A path's NAR listing.</summary>
    NarListing,

    /// <summary>Files below a path.</summary>
    Serve,

    /// <summary>The page about a path.</summary>
    PathPage,

    /// <summary>The way to it from what a person has typed.</summary>
    PathSearch,

    /// <summary>The log of a build.</summary>
    Log,

    /// <summary>What an output was built to, by the hash of its derivation.</summary>
    Realisation,

    /// <summary>What an output was built to, by the path of its derivation.</summary>
    BuildTrace,

    /// <summary>The page for people.</summary>
    Landing,

    /// <summary>The icon of the pages.</summary>
    Favicon,
    Version,
    Health,
    Readiness,
    Metrics,
}
