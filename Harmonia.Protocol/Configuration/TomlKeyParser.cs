namespace Harmonia.Protocol.Configuration;

/// <summary>Reads keys: bare, quoted and dotted.</summary>
internal static class TomlKeyParser
{
    /// <summary>Takes <c>a . "b" . 'c'</c> and the white space behind it.</summary>
    /// <param name="cursor">Stands on the first part.</param>
    /// <param name="depth">The depth of the table that the key is in.</param>
    public static List<TomlKey> ParseDotted(TomlCursor cursor, int depth)
    {
        List<TomlKey> keys = new();
        do
        {
            cursor.SkipWhitespace();
            if (depth + keys.Count == TomlReader.MaxDepth)
            {
                throw cursor.Unexpected($"no more than {TomlReader.MaxDepth} tables and arrays in each other");
            }

            keys.Add(ParseSimple(cursor));
            cursor.SkipWhitespace();
        }
        while (cursor.TryTake('.'));
        return keys;
    }

    public static bool IsBare(char character) => char.IsAsciiLetterOrDigit(character) || character is '_' or '-';

    private static TomlKey ParseSimple(TomlCursor cursor)
    {
        TomlPosition position = cursor.Position;
        if (cursor.LooksAt("\"\"\"") || cursor.LooksAt("'''"))
        {
            throw cursor.Unexpected("a key, which cannot be a multi-line string");
        }

        string text = cursor.Peek() is '"' or '\'' ? TomlStringParser.Parse(cursor) : cursor.TakeWhile(IsBare);
        return text.Length > 0 || position != cursor.Position
            ? new TomlKey(text, position)
            : throw cursor.Unexpected("a key");
    }
}
