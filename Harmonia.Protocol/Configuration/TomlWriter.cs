using System.Buffers;
using System.Globalization;
using System.Text;

namespace Harmonia.Protocol.Configuration;

/// <summary>Writes tables as TOML 1.0 that <see cref="TomlReader"/> reads back to the same values.</summary>
public static class TomlWriter
{
    /// <summary>Writes a document: values first, then each sub-table under its header. Tables inside arrays are written inline.</summary>
    /// <param name="root">The root table.</param>
    /// <returns>Lines that end in LF.</returns>
    /// <exception cref="ArgumentException">A text has half a surrogate pair, which UTF-8 cannot hold.</exception>
    public static string Write(TomlTable root)
    {
        StringBuilder output = new();
        WriteTable(output, root, header: "");
        return output.ToString();
    }

    /// <summary>A key as TOML writes it: bare where that is allowed, else in quotes.</summary>
    /// <param name="text">The key's text.</param>
    /// <exception cref="ArgumentException">The text has half a surrogate pair, which UTF-8 cannot hold.</exception>
    internal static string Key(string text) => text.Length > 0 && text.All(TomlKeyParser.IsBare) ? text : Quote(text);

    /// <summary>A text as a TOML basic string, in quotes and on one line.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="ArgumentException">The text has half a surrogate pair, which UTF-8 cannot hold.</exception>
    internal static string Quote(string text)
    {
        StringBuilder output = new("\"");
        int index = 0;
        while (index < text.Length)
        {
            if (Rune.DecodeFromUtf16(text.AsSpan(index), out Rune rune, out int consumed) != OperationStatus.Done)
            {
                throw new ArgumentException($"Text has a lone surrogate at {index}.", nameof(text));
            }

            index += consumed;
            output.Append(rune.Value switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ when Rune.IsControl(rune) => $"\\u{rune.Value:X4}",
                _ => rune.ToString(),
            });
        }

        return output.Append('"').ToString();
    }

    private static void WriteTable(StringBuilder output, TomlTable table, string header)
    {
        foreach (TomlEntry entry in table.Entries.Where(entry => entry.Value is not TomlTable))
        {
            output.Append(Key(entry.Key)).Append(" = ").Append(Value(entry.Value)).Append('\n');
        }

        foreach (TomlEntry entry in table.Entries)
        {
            if (entry.Value is TomlTable child)
            {
                string name = header.Length == 0 ? Key(entry.Key) : $"{header}.{Key(entry.Key)}";
                output.Append(output.Length == 0 ? "" : "\n").Append('[').Append(name).Append("]\n");
                WriteTable(output, child, name);
            }
        }
    }

    private static string Value(TomlValue value) => value switch
    {
        TomlString text => Quote(text.Value),
        TomlInteger number => number.Value.ToString(CultureInfo.InvariantCulture),
        TomlFloat number => Float(number.Value),
        TomlBoolean boolean => boolean.Value ? "true" : "false",
        TomlOffsetDateTime time => DateAndTime(time.Local) + Offset(time.Offset),
        TomlLocalDateTime time => DateAndTime(time.Value),
        TomlLocalDate date => date.Value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        TomlLocalTime time => time.Value.ToString("HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture),
        TomlArray array => $"[{string.Join(", ", array.Items.Select(Value))}]",
        TomlTable { Entries.Count: 0 } => "{}",
        TomlTable table => $"{{ {string.Join(", ", table.Entries.Select(entry => $"{Key(entry.Key)} = {Value(entry.Value)}"))} }}",
        _ => throw new ArgumentException($"A TOML document cannot hold {value.Kind}.", nameof(value)),
    };

    private static string Float(double number)
    {
        if (!double.IsFinite(number))
        {
            return double.IsNaN(number) ? "nan" : double.IsPositive(number) ? "inf" : "-inf";
        }

        string text = number.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().ContainsAny('.', 'E') ? text : text + ".0";
    }

    private static string DateAndTime(DateTime time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture);

    private static string Offset(TimeSpan offset) =>
        (offset < TimeSpan.Zero ? "-" : "+") + offset.ToString("hh\\:mm", CultureInfo.InvariantCulture);
}
