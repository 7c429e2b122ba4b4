using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Harmonia.Cache.Metrics;
using Prometheus;

namespace Harmonia.Tests.Cache.Metrics;

/// <summary>One line of Prometheus' text format, read without the code that writes it.</summary>
internal sealed record MetricSample(string Name, string Labels, double Value)
{
    public static IReadOnlyList<MetricSample> Parse(string text) =>
        [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#').Select(ParseLine)];

    public static double ValueOf(string text, string name, string labels) =>
        Parse(text).Single(sample => sample.Name == name && sample.Labels == labels).Value;

    /// <summary>The text of a scrape.</summary>
    public static async Task<string> TextOfAsync(MetricRegistry registry, ExpositionFormat format = ExpositionFormat.PrometheusText) =>
        Encoding.UTF8.GetString((await registry.CollectAsync(format, CancellationToken.None)).Span);

    private static MetricSample ParseLine(string line)
    {
        Match match = Regex.Match(
            line,
            """^(?<name>[a-z0-9_]+)(\{(?<labels>([a-z_]+="([^"\\]|\\["\\n])*",?)+)\})? (?<value>\S+)$""",
            RegexOptions.ExplicitCapture,
            TimeSpan.FromSeconds(10));
        string value = match.Groups["value"].Value;
        return match.Success
            ? new MetricSample(
                match.Groups["name"].Value, match.Groups["labels"].Value,
                value == "+Inf" ? double.PositiveInfinity : double.Parse(value, CultureInfo.InvariantCulture))
            : throw new FormatException($"Not a sample: {line}");
    }
}
