namespace Harmonia.Protocol.Configuration;

/// <summary>Reads values, and the key/value pairs that stand in tables and between braces alike.</summary>
internal sealed class TomlValueParser(TomlCursor cursor)
{
    /// <summary>Takes <c>key = value</c> and adds it to a table.</summary>
    /// <param name="table">The table of the pair.</param>
    /// <param name="depth">The table's depth.</param>
    public void ParseKeyValue(TomlTable table, int depth)
    {
        List<TomlKey> keys = TomlKeyParser.ParseDotted(cursor, depth);
        cursor.Expect('=', "'.' or '=' after a key");
        cursor.SkipWhitespace();
        TomlDefinitions.DefineValue(table, keys, ParseValue(depth + keys.Count));
    }

    private TomlValue ParseValue(int depth)
    {
        if (depth > TomlReader.MaxDepth)
        {
            throw cursor.Unexpected($"no more than {TomlReader.MaxDepth} tables and arrays in each other");
        }

        TomlPosition position = cursor.Position;
        return cursor.Peek() switch
        {
            '"' or '\'' => new TomlString(TomlStringParser.Parse(cursor), position),
            '[' => ParseArray(depth),
            '{' => ParseInlineTable(depth),
            _ => TomlScalarParser.Parse(cursor),
        };
    }

    private TomlArray ParseArray(int depth)
    {
        TomlArray array = new(cursor.Position);
        cursor.Take();
        while (true)
        {
            cursor.SkipWhitespaceCommentsAndNewlines();
            if (cursor.TryTake(']'))
            {
                return array;
            }

            array.Add(ParseValue(depth + 1));
            cursor.SkipWhitespaceCommentsAndNewlines();
            if (cursor.TryTake(']'))
            {
                return array;
            }

            cursor.Expect(',', "',' or ']' after an array's item");
        }
    }

    private TomlTable ParseInlineTable(int depth)
    {
        TomlTable table = new(cursor.Position, TomlTableOrigin.Inline);
        cursor.Take();
        cursor.SkipWhitespace();
        if (cursor.TryTake('}'))
        {
            return table;
        }

        while (true)
        {
            ParseKeyValue(table, depth);
            cursor.SkipWhitespace();
            if (cursor.TryTake('}'))
            {
                return table;
            }

            cursor.Expect(',', "',' or '}' on the same line after a value of an inline table");
            cursor.SkipWhitespace();
        }
    }
}
