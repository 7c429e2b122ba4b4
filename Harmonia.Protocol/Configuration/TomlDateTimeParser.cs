namespace Harmonia.Protocol.Configuration;

/// <summary>Reads the four forms of dates and times (RFC 3339, section 5.6).</summary>
internal static class TomlDateTimeParser
{
    private const int DateLength = 10;
    private const int LeapSecond = 60;
    private const int TickDigits = 7;

    private static readonly TimeSpan LastMinuteOfDay = new(23, 59, 0);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public static TomlValue Parse(TomlToken token)
    {
        string text = token.Text;
        int index = 0;
        if (text[2] == ':')
        {
            TimeOnly time = TimeOnly.FromTimeSpan(ParseTime(token, ref index, out _));
            ExpectEnd(token, index, "a local time, which has no offset");
            return new TomlLocalTime(time, token.Position);
        }

        DateOnly date = ParseDate(token);
        if (text.Length == DateLength)
        {
            return new TomlLocalDate(date, token.Position);
        }

        if (text[DateLength] is not ('T' or 't' or ' '))
        {
            throw token.Invalid("'T' or a space between date and time", DateLength);
        }

        index = DateLength + 1;
        DateTime local = date.ToDateTime(TimeOnly.FromTimeSpan(ParseTime(token, ref index, out bool isLeapSecond)));
        if (index == text.Length)
        {
            return new TomlLocalDateTime(local, token.Position);
        }

        TimeSpan offset = ParseOffset(token, ref index);
        ExpectEnd(token, index, "the end of the date-time after its offset");
        if (isLeapSecond && !IsLastMinuteOfDay(local.TimeOfDay - offset))
        {
            throw token.Invalid("a leap second only at 23:59:60 UTC");
        }

        return new TomlOffsetDateTime(local, offset, token.Position);
    }

    private static DateOnly ParseDate(TomlToken token)
    {
        int index = 0;
        int year = ParseDigits(token, ref index, 4, 1, 9999, "a year from 0001 to 9999");
        ExpectCharacter(token, ref index, '-');
        int month = ParseDigits(token, ref index, 2, 1, 12, "a month from 01 to 12");
        ExpectCharacter(token, ref index, '-');
        int days = DateTime.DaysInMonth(year, month);
        return new DateOnly(year, month, ParseDigits(token, ref index, 2, 1, days, $"a day from 01 to {days}"));
    }

    /// <summary>
    /// .NET's types have no 60th second: a leap second is read as the last 100 ns before it, which keeps the order of times.
    /// </summary>
    private static TimeSpan ParseTime(TomlToken token, ref int index, out bool isLeapSecond)
    {
        int hour = ParseDigits(token, ref index, 2, 0, 23, "an hour from 00 to 23");
        ExpectCharacter(token, ref index, ':');
        int minute = ParseDigits(token, ref index, 2, 0, 59, "a minute from 00 to 59");
        ExpectCharacter(token, ref index, ':');
        int second = ParseDigits(token, ref index, 2, 0, LeapSecond, "a second from 00 to 60");
        long fraction = ParseFraction(token, ref index);
        isLeapSecond = second == LeapSecond;
        return isLeapSecond
            ? new TimeSpan(hour, minute, second) - new TimeSpan(1)
            : new TimeSpan(hour, minute, second) + new TimeSpan(fraction);
    }

    /// <summary>Digits beyond 100 ns are cut off, not rounded.</summary>
    private static long ParseFraction(TomlToken token, ref int index)
    {
        string text = token.Text;
        if (index == text.Length || text[index] != '.')
        {
            return 0;
        }

        int start = ++index;
        long ticks = 0;
        while (index < text.Length && char.IsAsciiDigit(text[index]))
        {
            ticks = index - start < TickDigits ? (ticks * 10) + (text[index] - '0') : ticks;
            index++;
        }

        if (index == start)
        {
            throw token.Invalid("digits after the point of a second", index);
        }

        for (int missing = index - start; missing < TickDigits; missing++)
        {
            ticks *= 10;
        }

        return ticks;
    }

    private static TimeSpan ParseOffset(TomlToken token, ref int index)
    {
        char sign = token.Text[index++];
        switch (sign)
        {
            case 'Z' or 'z':
                return TimeSpan.Zero;
            case '+' or '-':
                int hours = ParseDigits(token, ref index, 2, 0, 23, "an hour from 00 to 23");
                ExpectCharacter(token, ref index, ':');
                int minutes = ParseDigits(token, ref index, 2, 0, 59, "a minute from 00 to 59");
                TimeSpan offset = new(hours, minutes, 0);
                return sign == '-' ? -offset : offset;
            default:
                throw token.Invalid("an offset: Z, +hh:mm or -hh:mm", index - 1);
        }
    }

    private static bool IsLastMinuteOfDay(TimeSpan utc)
    {
        TimeSpan timeOfDay = new((utc.Ticks + Day.Ticks) % Day.Ticks);
        return timeOfDay >= LastMinuteOfDay;
    }

    private static int ParseDigits(TomlToken token, ref int index, int count, int least, int most, string expected)
    {
        int start = index;
        int value = 0;
        for (; index < start + count; index++)
        {
            if (index >= token.Text.Length || !char.IsAsciiDigit(token.Text[index]))
            {
                throw token.Invalid(expected, index);
            }

            value = (value * 10) + (token.Text[index] - '0');
        }

        return value >= least && value <= most ? value : throw token.Invalid(expected, start);
    }

    private static void ExpectCharacter(TomlToken token, ref int index, char expected)
    {
        if (index >= token.Text.Length || token.Text[index] != expected)
        {
            throw token.Invalid($"'{expected}' in a date or time", index);
        }

        index++;
    }

    private static void ExpectEnd(TomlToken token, int index, string expected)
    {
        if (index < token.Text.Length)
        {
            throw token.Invalid(expected, index);
        }
    }
}
