using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Harmonia.Protocol.Configuration;

namespace Harmonia.Tests.Protocol.Configuration;

/// <summary>A TOML value in one line of nearly JSON, keys sorted: two values are the same if their outlines are.</summary>
internal static class TomlOutline
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(string toml) => Of(TomlReader.Parse(toml, "test.toml"));

    public static string Of(TomlValue value) => value switch
    {
        TomlString text => Text(text.Value),
        TomlInteger number => number.Value.ToString(CultureInfo.InvariantCulture),
        TomlFloat number => "float " + number.Value.ToString("R", CultureInfo.InvariantCulture),
        TomlBoolean boolean => boolean.Value ? "true" : "false",
        TomlOffsetDateTime time => $"{time.Local:O} offset {time.Offset:c}",
        TomlLocalDateTime time => $"{time.Value:O}",
        TomlLocalDate date => $"{date.Value:O}",
        TomlLocalTime time => $"{time.Value:O}",
        TomlArray array => $"[{string.Join(",", array.Items.Select(Of))}]",
        TomlTable table => $"{{{string.Join(",", Sorted(table).Select(entry => $"{Text(entry.Key)}:{Of(entry.Value)}"))}}}",
        _ => throw new ArgumentException(value.Kind, nameof(value)),
    };

    private static IEnumerable<TomlEntry> Sorted(TomlTable table) =>
        table.Entries.OrderBy(entry => entry.Key, StringComparer.Ordinal);

    private static string Text(string text) => JsonSerializer.Serialize(text, Readable);
}
