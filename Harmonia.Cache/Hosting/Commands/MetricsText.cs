using System.Globalization;

namespace Harmonia.Cache.Hosting.Commands;

/// <summary>The text of <c>/metrics</c>, as far as <see cref="StatusCommand"/> reads it.</summary>
internal sealed class MetricsText(string text)
{
    /// <summary>The sum of a metric over those of its series that have a label; null if there is none.</summary>
    /// <param name="name">The name of the metric.</param>
    /// <param name="label">A label with its value, as in <c>result="hit"</c>; empty for all series.</param>
    public double? Sum(string name, string label = "")
    {
        double? sum = null;
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            if (!line.StartsWith(name, StringComparison.Ordinal) || line.Length == name.Length || line[name.Length] is not ('{' or ' ')
                || !line.Contains(label, StringComparison.Ordinal))
            {
                continue;
            }

            if (double.TryParse(line[(line.LastIndexOf(' ') + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
                sum = (sum ?? 0) + value;
        }

        return sum;
    }
}
