using System.Globalization;
using System.Text;

namespace Harmonia.Cache.Metrics;

/// <summary>
/// Prometheus' text format 0.0.4: per metric a HELP line, a TYPE line and its samples. Labels come as the text that
/// <see cref="MetricLabels"/> makes.
/// </summary>
public sealed class MetricText
{
    public const string ContentType = "text/plain; version=0.0.4";

    private readonly StringBuilder _text = new();

    /// <summary>Begins a metric.</summary>
    public void Family(string name, string type, string help)
    {
        string escaped = help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        _text.Append("# HELP ").Append(name).Append(' ').Append(escaped).Append('\n');
        _text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
    }

    public void Sample(string name, string labels, long value)
    {
        Labelled(name, labels);
        _text.Append(CultureInfo.InvariantCulture, $"{value}\n");
    }

    public void Sample(string name, string labels, double value)
    {
        Labelled(name, labels);
        _text.Append(Number(value)).Append('\n');
    }

    /// <summary>The value in the format's spelling: the shortest that reads back the same, and +Inf, -Inf or NaN.</summary>
    public static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    public byte[] ToUtf8() => Encoding.UTF8.GetBytes(_text.ToString());

    private void Labelled(string name, string labels)
    {
        _text.Append(name);
        if (labels.Length > 0)
            _text.Append('{').Append(labels).Append('}');
        _text.Append(' ');
    }
}
