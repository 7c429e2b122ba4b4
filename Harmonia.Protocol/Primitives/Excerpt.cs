namespace Harmonia.Protocol.Primitives;

/// <summary>Foreign text as it may stand in a message: quoted, of bounded length and without control characters.</summary>
public static class Excerpt
{
    /// <summary>How many characters are shown. The longest store path in the usual store directory has 255.</summary>
    public const int MaxLength = 300;

    /// <summary>The text between apostrophes; what is too long ends in <c>…</c>, control characters are shown as U+FFFD.</summary>
    public static string Of(ReadOnlySpan<char> text)
    {
        bool cut = text.Length > MaxLength;
        ReadOnlySpan<char> shown = cut ? text[..MaxLength] : text;
        return string.Create(shown.Length + (cut ? 3 : 2), shown, static (result, source) =>
        {
            result.Fill('…');
            for (int i = 0; i < source.Length; i++)
            {
                result[i + 1] = char.IsControl(source[i]) ? '\ufffd' : source[i];
            }

            result[0] = '\'';
            result[^1] = '\'';
        });
    }
}
