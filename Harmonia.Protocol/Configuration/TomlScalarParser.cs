namespace Harmonia.Protocol.Configuration;

/// <summary>Reads the values that need no delimiter: booleans, numbers, dates and times.</summary>
internal static class TomlScalarParser
{
    private const int DateLength = 10;

    public static TomlValue Parse(TomlCursor cursor)
    {
        TomlPosition position = cursor.Position;
        string text = cursor.TakeWhile(BelongsToScalar);
        if (text.Length == 0)
        {
            throw cursor.Unexpected("a value");
        }

        if (text.Length == DateLength && IsDate(text) && cursor.Peek() == ' ' && char.IsAsciiDigit(cursor.Peek(1)))
        {
            text += cursor.Take() + cursor.TakeWhile(BelongsToScalar);
        }

        TomlToken token = new(text, position);
        return text switch
        {
            "true" or "false" => new TomlBoolean(text == "true", position),
            _ when IsDate(text) || IsTime(text) => TomlDateTimeParser.Parse(token),
            _ when IsNumber(text) => TomlNumberParser.Parse(token),
            _ => throw token.Invalid("a value (text needs quotes; true, false, inf and nan are lower-case)"),
        };
    }

    private static bool BelongsToScalar(char character) =>
        char.IsAsciiLetterOrDigit(character) || character is '+' or '-' or '_' or '.' or ':';

    private static bool IsDate(string text) => text.Length > 4 && text[4] == '-' && AreDigits(text.AsSpan(0, 4));

    private static bool IsTime(string text) => text.Length > 2 && text[2] == ':' && AreDigits(text.AsSpan(0, 2));

    private static bool IsNumber(string text) =>
        text[0] is '+' or '-' or '.' || char.IsAsciiDigit(text[0]) || text is "inf" or "nan";

    private static bool AreDigits(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');
}
