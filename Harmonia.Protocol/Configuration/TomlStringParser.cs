using System.Globalization;
using System.Text;

namespace Harmonia.Protocol.Configuration;

/// <summary>Reads the four forms of strings.</summary>
internal static class TomlStringParser
{
    private const int DelimiterLength = 3;

    /// <summary>Takes a string of any form.</summary>
    /// <param name="cursor">Stands on the opening quote.</param>
    public static string Parse(TomlCursor cursor)
    {
        char quote = cursor.Peek();
        return CountQuotes(cursor, quote, DelimiterLength) == DelimiterLength
            ? ParseMultiLine(cursor, quote)
            : ParseSingleLine(cursor, quote);
    }

    private static string ParseSingleLine(TomlCursor cursor, char quote)
    {
        StringBuilder text = new();
        cursor.Take();
        while (!cursor.TryTake(quote))
        {
            if (cursor.AtEnd || cursor.AtNewline)
            {
                throw cursor.Unexpected($"the closing {quote} of a string");
            }

            if (quote == '"' && cursor.TryTake('\\'))
            {
                AppendEscape(cursor, text);
            }
            else
            {
                text.Append(cursor.TakePrintable("a string"));
            }
        }

        return text.ToString();
    }

    private static string ParseMultiLine(TomlCursor cursor, char quote)
    {
        StringBuilder text = new();
        cursor.Take(DelimiterLength);
        cursor.TryTakeNewline();
        while (true)
        {
            // Up to two quotes may stand right before the closing three, so a run of five still closes the string.
            int quotes = CountQuotes(cursor, quote, DelimiterLength + 2);
            if (quotes >= DelimiterLength)
            {
                cursor.Take(quotes);
                return text.Append(quote, quotes - DelimiterLength).ToString();
            }

            if (cursor.AtEnd)
            {
                throw cursor.Unexpected($"the closing {new string(quote, DelimiterLength)} of a string");
            }

            if (cursor.TryTakeNewline())
            {
                text.Append('\n');
            }
            else if (quote == '"' && cursor.TryTake('\\'))
            {
                if (!TrySkipLineEnding(cursor))
                {
                    AppendEscape(cursor, text);
                }
            }
            else
            {
                text.Append(cursor.TakePrintable("a string"));
            }
        }
    }

    private static int CountQuotes(TomlCursor cursor, char quote, int most)
    {
        int count = 0;
        while (count < most && cursor.Peek(count) == quote)
        {
            count++;
        }

        return count;
    }

    /// <summary>Behind a backslash: takes the rest of the line if it is blank, and all blank space after it.</summary>
    private static bool TrySkipLineEnding(TomlCursor cursor)
    {
        int blanks = 0;
        while (cursor.Peek(blanks) is ' ' or '\t')
        {
            blanks++;
        }

        if (cursor.Peek(blanks) != '\n' && !(cursor.Peek(blanks) == '\r' && cursor.Peek(blanks + 1) == '\n'))
        {
            return false;
        }

        do
        {
            cursor.SkipWhitespace();
        }
        while (cursor.TryTakeNewline());
        return true;
    }

    private static void AppendEscape(TomlCursor cursor, StringBuilder text)
    {
        char simple = cursor.Peek() switch
        {
            'b' => '\b',
            't' => '\t',
            'n' => '\n',
            'f' => '\f',
            'r' => '\r',
            '"' => '"',
            '\\' => '\\',
            _ => TomlCursor.End,
        };
        if (simple != TomlCursor.End)
        {
            cursor.Take();
            text.Append(simple);
        }
        else if (cursor.TryTake('u'))
        {
            AppendScalar(cursor, text, digits: 4);
        }
        else if (cursor.TryTake('U'))
        {
            AppendScalar(cursor, text, digits: 8);
        }
        else
        {
            throw cursor.Unexpected("one of b t n f r \" \\ u U after a backslash");
        }
    }

    private static void AppendScalar(TomlCursor cursor, StringBuilder text, int digits)
    {
        TomlPosition position = cursor.Position;
        Span<char> hexadecimal = stackalloc char[digits];
        for (int index = 0; index < digits; index++)
        {
            hexadecimal[index] = char.IsAsciiHexDigit(cursor.Peek())
                ? cursor.Take()
                : throw cursor.Unexpected($"{digits} hexadecimal digits");
        }

        uint scalar = uint.Parse(hexadecimal, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        text.Append(Rune.TryCreate(scalar, out Rune rune)
            ? rune.ToString()
            : throw new TomlException(position, $"expected a Unicode scalar value, but got U+{scalar:X4}"));
    }
}
