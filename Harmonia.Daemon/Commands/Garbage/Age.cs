using System.Globalization;

namespace Harmonia.Daemon.Commands.Garbage;

/// <summary>A time span as people write it: <c>30d</c>.</summary>
/// <param name="Span">How long it is.</param>
/// <param name="Text">How it was written.</param>
internal readonly record struct Age(TimeSpan Span, string Text)
{
    public const string Form = "a number and one of s, min, h, d, w, such as 30d";

    // There is no m: who means months with it would lose what is older than minutes.
    private static readonly (string Name, TimeSpan Span)[] Units =
    [
        ("min", TimeSpan.FromMinutes(1)), ("s", TimeSpan.FromSeconds(1)), ("h", TimeSpan.FromHours(1)), ("d", TimeSpan.FromDays(1)),
        ("w", TimeSpan.FromDays(7)),
    ];

    /// <summary>The longest: who writes more made a mistake.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(100 * 365);

    /// <summary>Reads a whole number and its unit. There may be blanks between them.</summary>
    public static bool TryParse(string text, out Age age)
    {
        foreach ((string name, TimeSpan unit) in Units)
        {
            if (text.EndsWith(name, StringComparison.Ordinal))
            {
                bool parsed = long.TryParse(text.AsSpan(..^name.Length).TrimEnd(' '), NumberStyles.None, CultureInfo.InvariantCulture, out long count)
                    && count <= Longest / unit;
                age = parsed ? new Age(count * unit, text) : default;
                return parsed;
            }
        }

        age = default;
        return false;
    }
}
