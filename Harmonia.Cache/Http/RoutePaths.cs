namespace Harmonia.Cache.Http;

/// <summary>
/// The name of each kind of URL in the metrics. The names are the route patterns of harmonia (Rust), since dashboards and alerts contain
/// them; kinds that harmonia (Rust) lacks have names of the same form.
/// </summary>
public static class RoutePaths
{
    private const string Hash = "[0123456789abcdfghijklmnpqrsvwxyz]";

    private static readonly (RouteKind Kind, HttpPath Path)[] Table =
    [
        (RouteKind.Unknown, new HttpPath("other", 404)),
        (RouteKind.CacheInfo, new HttpPath("/nix-cache-info", 200)),
        (RouteKind.NarInfo, new HttpPath("/{hash}.narinfo", 200, 304, 404, 503)),
        (RouteKind.Nar, new HttpPath($"/nar/{{narhash:{Hash}{{52}}}}.nar", 200, 206, 304, 404, 416, 503)),
        (RouteKind.NarListing, new HttpPath("/{hash}.ls", 200, 304, 404, 503)),
        (RouteKind.Serve, new HttpPath("/serve/{hash}{path:.*}", 200, 206, 302, 304, 404, 416, 503)),
        (RouteKind.Log, new HttpPath("/log/{drv}", 200, 206, 304, 404, 416, 503)),
        (RouteKind.Realisation, new HttpPath("/realisations/{id}.doi", 200, 304, 400, 404, 503)),
        (RouteKind.BuildTrace, new HttpPath("/build-trace-v2/{drv_path}/{output}", 200, 304, 400, 404, 503)),
        (RouteKind.Landing, new HttpPath("/", 200)),
        (RouteKind.Version, new HttpPath("/version", 200)),
        (RouteKind.Health, new HttpPath("/health", 200)),
        (RouteKind.Readiness, new HttpPath("/ready", 200, 503)),
        (RouteKind.Metrics, new HttpPath("/metrics", 200)),
    ];

    // The forms of NAR URLs are one kind here and two routes in harmonia (Rust).
    private static readonly HttpPath NarWithOutHash =
        new($"/nar/{{outhash:{Hash}{{32}}}}-{{narhash:{Hash}{{52}}}}.nar", 200, 206, 304, 404, 416, 503);

    private static readonly HttpPath NarOfOutHash = new($"/nar/{{outhash:{Hash}{{32}}}}.nar", 200, 206, 304, 404, 416, 503);

    private static readonly HttpPath ZstdNar =
        new($"/nar/{{outhash:{Hash}{{32}}}}-{{narhash:{Hash}{{52}}}}.nar.zst", 200, 206, 304, 404, 416, 503);

    private static readonly int[] Indexes =
        [.. Enum.GetValues<RouteKind>().Select(kind => Math.Max(0, Array.FindIndex(Table, row => row.Kind == kind)))];

    /// <summary>All of them, by index.</summary>
    public static IReadOnlyList<HttpPath> All { get; } = [.. Table.Select(row => row.Path), NarWithOutHash, NarOfOutHash, ZstdNar];

    /// <summary>The index of NARs whose URL has both hashes.</summary>
    public static int NarWithBothHashes => Table.Length;

    /// <summary>The index of the one that a URL is of.</summary>
    public static int IndexOf(in Route route) => route switch
    {
        { IsZstd: true } => Table.Length + 2,
        { Kind: RouteKind.Nar, OutHash: not null, NarHash: not null } => NarWithBothHashes,
        { Kind: RouteKind.Nar, OutHash: not null } => Table.Length + 1,
        _ => Indexes[(int)route.Kind],
    };
}
