using Harmonia.Cache.Catalog;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Pages;

/// <summary>The contents of the page about a path.</summary>
public sealed record PathContent
{
    public required StoreDirectory StoreDirectory { get; init; }

    /// <summary>The path.</summary>
    public required ValidPathInfo Path { get; init; }

    /// <summary>The path and all that it refers to.</summary>
    public required ClosureSize Closure { get; init; }

    /// <summary>The paths that refer to it, possibly itself.</summary>
    public required FirstPaths Referrers { get; init; }

    /// <summary>Those that clients get.</summary>
    public required IReadOnlyList<Signature> Signatures { get; init; }

    /// <summary>Whether the cache has the path of its deriver, too.</summary>
    public required bool HasDeriver { get; init; }

    /// <summary>The derivation whose log there is; null if there is none.</summary>
    public required StorePath? Log { get; init; }

    /// <summary>Whether its files can be browsed.</summary>
    public required bool Serves { get; init; }

    /// <summary>Where clients reach the cache, without a slash at the end.</summary>
    public required string Address { get; init; }

    /// <summary>As <c>name:base64</c>.</summary>
    public required IReadOnlyList<string> PublicKeys { get; init; }
}
