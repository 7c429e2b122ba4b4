using System.Diagnostics;

namespace Harmonia.Cache.Http;

/// <summary>
/// The name of each kind of URL in the metrics. The names are the route patterns of harmonia (Rust), since dashboards and alerts contain
/// them; kinds that harmonia (Rust) lacks have names of the same form.
/// </summary>
public static class RoutePaths
{
    private const string OutHash = "{outhash:[0123456789abcdfghijklmnpqrsvwxyz]{32}}";
    private const string NarHash = "{narhash:[0123456789abcdfghijklmnpqrsvwxyz]{52}}";

    /// <summary>All of them, in the order of <see cref="RouteKind"/>.</summary>
    public static IReadOnlyList<HttpPath> All { get; } = [.. Enum.GetValues<RouteKind>().Select(Of)];

    private static HttpPath Of(RouteKind kind) => kind switch
    {
        RouteKind.Unknown => new HttpPath("other", 404),
        RouteKind.CacheInfo => new HttpPath("/nix-cache-info", 200),
        RouteKind.NarInfo => new HttpPath("/{hash}.narinfo", 200, 304, 404, 503),
        RouteKind.Nar => new HttpPath($"/nar/{OutHash}-{NarHash}.nar", 200, 206, 304, 404, 416, 503),
        RouteKind.NarOfNarHash => new HttpPath($"/nar/{NarHash}.nar", 200, 206, 304, 404, 416, 503),
        RouteKind.NarOfOutHash => new HttpPath($"/nar/{OutHash}.nar", 200, 206, 304, 404, 416, 503),
        RouteKind.ZstdNar => new HttpPath($"/nar/{OutHash}-{NarHash}.nar.zst", 200, 206, 304, 404, 416, 503),
        RouteKind.NarListing => new HttpPath("/{hash}.ls", 200, 304, 404, 503),
        RouteKind.Serve => new HttpPath("/serve/{hash}{path:.*}", 200, 206, 302, 304, 404, 416, 503),
        RouteKind.PathPage => new HttpPath("/path/{hash}", 200, 404, 503),
        RouteKind.PathSearch => new HttpPath("/path", 302, 400),
        RouteKind.Log => new HttpPath("/log/{drv}", 200, 206, 304, 404, 416, 503),
        RouteKind.Realisation => new HttpPath("/realisations/{id}.doi", 200, 304, 400, 404, 503),
        RouteKind.BuildTrace => new HttpPath("/build-trace-v2/{drv_path}/{output}", 200, 304, 400, 404, 503),
        RouteKind.Landing => new HttpPath("/", 200),
        RouteKind.Favicon => new HttpPath("/favicon.svg", 200),
        RouteKind.Version => new HttpPath("/version", 200),
        RouteKind.Health => new HttpPath("/health", 200),
        RouteKind.Readiness => new HttpPath("/ready", 200, 503),
        RouteKind.Metrics => new HttpPath("/metrics", 200),
        _ => throw new UnreachableException($"{kind} has no path."),
    };
}
