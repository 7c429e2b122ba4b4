using System.Globalization;

namespace Harmonia.Protocol.Configuration;

/// <summary>Reads integers and floats.</summary>
internal static class TomlNumberParser
{
    private const ulong LargestPositive = long.MaxValue;
    private const ulong LargestNegative = LargestPositive + 1;

    public static TomlValue Parse(TomlToken token)
    {
        string text = token.Text;
        bool isSigned = text[0] is '+' or '-';
        bool isNegative = text[0] == '-';
        int start = isSigned ? 1 : 0;
        switch (text[start..])
        {
            case "inf":
                return new TomlFloat(isNegative ? double.NegativeInfinity : double.PositiveInfinity, token.Position);
            case "nan":
                return new TomlFloat(double.NaN, token.Position);
            case ['0', 'x', ..] when !isSigned:
                return ParseInteger(token, 2, 16, "a hexadecimal integer", isNegative: false);
            case ['0', 'o', ..] when !isSigned:
                return ParseInteger(token, 2, 8, "an octal integer", isNegative: false);
            case ['0', 'b', ..] when !isSigned:
                return ParseInteger(token, 2, 2, "a binary integer", isNegative: false);
            default:
                CheckLeadingZero(token, start);
                return text.AsSpan().ContainsAny('.', 'e', 'E')
                    ? ParseFloat(token, start)
                    : ParseInteger(token, start, 10, "an integer", isNegative);
        }
    }

    private static void CheckLeadingZero(TomlToken token, int start)
    {
        if (token.Text.AsSpan(start) is ['0', (>= '0' and <= '9') or '_', ..])
        {
            throw token.Invalid("a number without leading zeros", start);
        }
    }

    private static TomlInteger ParseInteger(TomlToken token, int start, uint radix, string expected, bool isNegative)
    {
        int end = SkipDigits(token, start, radix, expected);
        if (end < token.Text.Length)
        {
            throw token.Invalid(expected, end);
        }

        ulong limit = isNegative ? LargestNegative : LargestPositive;
        ulong value = 0;
        foreach (char character in token.Text.AsSpan(start))
        {
            if (character == '_')
            {
                continue;
            }

            uint digit = DigitOf(character);
            if (value > (limit - digit) / radix)
            {
                throw token.Invalid($"an integer from {long.MinValue} to {long.MaxValue}");
            }

            value = (value * radix) + digit;
        }

        return new TomlInteger(unchecked(isNegative ? -(long)value : (long)value), token.Position);
    }

    private static TomlFloat ParseFloat(TomlToken token, int start)
    {
        const string Expected = "a float with digits on both sides of its point";
        string text = token.Text;
        int index = SkipDigits(token, start, 10, Expected);
        if (index < text.Length && text[index] == '.')
        {
            index = SkipDigits(token, index + 1, 10, Expected);
        }

        if (index < text.Length && text[index] is 'e' or 'E')
        {
            index++;
            int signs = index < text.Length && text[index] is '+' or '-' ? 1 : 0;
            index = SkipDigits(token, index + signs, 10, "a float with digits in its exponent");
        }

        return index == text.Length
            ? new TomlFloat(double.Parse(text.Replace("_", "", StringComparison.Ordinal), CultureInfo.InvariantCulture), token.Position)
            : throw token.Invalid("a float", index);
    }

    /// <summary>Goes over digits with single underscores between them; gives the index behind the last.</summary>
    private static int SkipDigits(TomlToken token, int start, uint radix, string expected)
    {
        int index = start;
        while (true)
        {
            if (index == token.Text.Length || DigitOf(token.Text[index]) >= radix)
            {
                throw token.Invalid(index > start ? "a digit after an underscore" : expected, index);
            }

            do
            {
                index++;
            }
            while (index < token.Text.Length && DigitOf(token.Text[index]) < radix);

            if (index == token.Text.Length || token.Text[index] != '_')
            {
                return index;
            }

            index++;
        }
    }

    private static uint DigitOf(char character) => character switch
    {
        >= '0' and <= '9' => (uint)character - '0',
        >= 'a' and <= 'f' => (uint)character - 'a' + 10,
        >= 'A' and <= 'F' => (uint)character - 'A' + 10,
        _ => uint.MaxValue,
    };
}
