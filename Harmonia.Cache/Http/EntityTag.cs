using Microsoft.Extensions.Primitives;

namespace Harmonia.Cache.Http;

/// <summary>A strong entity tag with its quotes, and the two comparisons of RFC 9110, section 8.8.3.2.</summary>
public readonly record struct EntityTag
{
    private EntityTag(string text) => Text = text;

    /// <summary>The tag as it stands in the ETag header.</summary>
    public string Text { get; }

    /// <summary>Makes a tag of text that needs no escape.</summary>
    public static EntityTag Strong(string opaque) => new($"\"{opaque}\"");

    /// <summary>If-Range: the same strong tag. A weak tag, a date or anything else means that the client may hold other bytes.</summary>
    public bool MatchesIfRange(StringValues header) => header.Count == 1 && header[0] == Text;

    /// <summary>If-None-Match: the tag is in the list by weak comparison, or the list is <c>*</c>.</summary>
    public bool MatchesIfNoneMatch(StringValues header)
    {
        foreach (string? line in header)
        {
            if (line is not null && IsInList(line))
                return true;
        }

        return false;
    }

    private bool IsInList(ReadOnlySpan<char> list)
    {
        if (list.Trim(" \t") is "*")
            return true;
        while (true)
        {
            list = list.TrimStart(" \t,");
            if (list.StartsWith("W/"))
                list = list[2..];
            if (list is not ['"', ..])
                return false;
            // A comma may stand inside the quotes, so the list cannot simply be split.
            int end = list[1..].IndexOf('"');
            if (end < 0)
                return false;
            if (list[..(end + 2)].SequenceEqual(Text))
                return true;
            list = list[(end + 2)..];
        }
    }
}
