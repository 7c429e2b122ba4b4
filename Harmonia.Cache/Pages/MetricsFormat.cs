using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Prometheus;

namespace Harmonia.Cache.Pages;

/// <summary>A format that Prometheus reads, with its content type.</summary>
internal sealed record MetricsFormat(ExpositionFormat Format, string ContentType)
{
    private const string OpenMetricsType = "application/openmetrics-text";
    private const string OpenMetricsVersion = "1.0.0";

    public static MetricsFormat Text { get; } = new(ExpositionFormat.PrometheusText, "text/plain; version=0.0.4");

    public static MetricsFormat OpenMetrics { get; } = new(
        ExpositionFormat.OpenMetricsText, $"{OpenMetricsType}; version={OpenMetricsVersion}; charset=utf-8");

    /// <summary>The format to answer with: OpenMetrics if the client names it and likes no plain text better, otherwise text.</summary>
    /// <param name="accept">The <c>Accept</c> header.</param>
    public static MetricsFormat For(StringValues accept)
    {
        if (!MediaTypeHeaderValue.TryParseList(accept, out IList<MediaTypeHeaderValue>? types))
            return Text;
        double openMetrics = QualityOf(types, IsOpenMetrics);
        return openMetrics > 0 && openMetrics >= QualityOf(types, IsText) ? OpenMetrics : Text;
    }

    private static double QualityOf(IEnumerable<MediaTypeHeaderValue> types, Func<MediaTypeHeaderValue, bool> matches) =>
        types.Where(matches).Select(type => type.Quality ?? 1).DefaultIfEmpty(0).Max();

    // Prometheus lists each version that it reads, and in version 3 an escaping of names besides. Ours need none.
    private static bool IsOpenMetrics(MediaTypeHeaderValue type)
    {
        NameValueHeaderValue? version = NameValueHeaderValue.Find(type.Parameters, "version");
        return type.MediaType.Equals(OpenMetricsType, StringComparison.OrdinalIgnoreCase)
            && (version is null || version.GetUnescapedValue() == OpenMetricsVersion);
    }

    private static bool IsText(MediaTypeHeaderValue type) => type.MediaType.Value?.ToLowerInvariant() is "text/plain" or "text/*" or "*/*";
}
