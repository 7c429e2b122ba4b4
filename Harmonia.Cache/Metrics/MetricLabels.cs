using System.Text;

namespace Harmonia.Cache.Metrics;

/// <summary>The labels of a series as they stand between the braces. Made once for each series.</summary>
public static class MetricLabels
{
    public const string None = "";

    /// <summary>Writes names and values, these with backslash, quote and line feed escaped.</summary>
    public static string Format(params ReadOnlySpan<(string Name, string Value)> labels)
    {
        StringBuilder text = new();
        foreach ((string name, string value) in labels)
        {
            text.Append(text.Length > 0 ? "," : "").Append(name).Append("=\"");
            foreach (char character in value)
            {
                text.Append(character switch
                {
                    '\\' => @"\\",
                    '"' => "\\\"",
                    '\n' => @"\n",
                    _ => character.ToString(),
                });
            }

            text.Append('"');
        }

        return text.ToString();
    }
}
