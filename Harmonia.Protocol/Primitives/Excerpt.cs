using System.Text;

namespace Harmonia.Protocol.Primitives;

/// <summary>Untrusted text in messages: quoted, of limited length, without control characters, and always valid UTF-16.</summary>
internal static class Excerpt
{
    /// <summary>The maximum number of characters: enough for the longest store path in the usual store directory, which has 255.</summary>
    public const int MaxLength = 300;

    /// <summary>
    /// The text between apostrophes. Long text is cut off and ends in <c>…</c>; control characters and halves of surrogate pairs are shown as
    /// U+FFFD.
    /// </summary>
    public static string Of(ReadOnlySpan<char> text)
    {
        bool cut = text.Length > MaxLength;
        StringBuilder excerpt = new("'");
        foreach (Rune rune in (cut ? text[..MaxLength] : text).EnumerateRunes())
        {
            excerpt.Append((Rune.IsControl(rune) ? Rune.ReplacementChar : rune).ToString());
        }

        return excerpt.Append(cut ? "…'" : "'").ToString();
    }
}
