namespace Harmonia.Cache.Http;

/// <summary>The Cache-Control of each kind of answer. An answer not named here carries none.</summary>
public static class CachePolicy
{
    /// <summary>A day: a narinfo or a realisation may gain signatures, and a URL without the NAR's hash may come to mean other bytes.</summary>
    public const string NarInfo = "max-age=86400";

    /// <summary>A year, and not even a reload asks again: the URL holds the hash of the bytes.</summary>
    public const string Nar = "max-age=31536000, immutable";

    /// <summary>A year: the URL holds the hash part of the path, which a rebuild may fill with other bytes.</summary>
    public const string NarListing = "max-age=31536000";

    /// <summary>A day: it changes with the release at most.</summary>
    public const string Favicon = "max-age=86400";

    /// <summary>Logs: a build that goes on or is done again writes more. The entity tag tells whether it did.</summary>
    public const string NoCache = "no-cache";

    /// <summary>Errors and readiness: a moment later it may be otherwise.</summary>
    public const string NoStore = "no-store";
}
