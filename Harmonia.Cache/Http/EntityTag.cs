using System.Security.Cryptography;
using Microsoft.Extensions.Primitives;

namespace Harmonia.Cache.Http;

/// <summary>A strong entity tag with its quotes, and the two comparisons of RFC 9110, section 8.8.3.2.</summary>
public readonly record struct EntityTag
{
    /// <summary>How many bytes of the SHA-256 of a body its tag shows.</summary>
    public const int DigestLength = 20;

    private EntityTag(string text) => Text = text;

    /// <summary>The tag as it stands in the ETag header.</summary>
    public string Text { get; }

    /// <summary>Makes a tag of text that needs no escape.</summary>
    public static EntityTag Strong(string opaque) => new($"\"{opaque}\"");

    /// <summary>The tag of a body that is known by its bytes alone.</summary>
    public static EntityTag OfBody(ReadOnlySpan<byte> body)
    {
        Span<byte> digest = stackalloc byte[DigestLength];
        Digest(body, digest);
        return OfDigest(digest);
    }

    /// <summary>Computes the digest of a body.</summary>
    /// <param name="body">The body.</param>
    /// <param name="destination">Gets <see cref="DigestLength"/> bytes.</param>
    public static void Digest(ReadOnlySpan<byte> body, Span<byte> destination)
    {
        Span<byte> whole = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, whole);
        whole[..DigestLength].CopyTo(destination);
    }

    /// <summary>The tag of a body whose digest is known.</summary>
    /// <param name="digest">What <see cref="Digest"/> has computed.</param>
    public static EntityTag OfDigest(ReadOnlySpan<byte> digest) => Strong(Convert.ToHexStringLower(digest));

    /// <summary>The tag of the same in a content coding, which has other bytes.</summary>
    public EntityTag In(ContentCoding coding) =>
        coding == ContentCoding.Identity ? this : new EntityTag($"{Text.AsSpan(0, Text.Length - 1)}-{ContentCodings.NameOf(coding)}\"");

    /// <summary>If-Range: the same strong tag. A weak tag, a date or anything else means that the client may hold other bytes.</summary>
    public bool MatchesIfRange(StringValues header) => header.Count == 1 && header[0] == Text;

    /// <summary>If-Match: the tag is in the list by strong comparison, or the list is <c>*</c>.</summary>
    public bool MatchesIfMatch(StringValues header) => IsInLines(header, matchesWeak: false);

    /// <summary>If-None-Match: the tag is in the list by weak comparison, or the list is <c>*</c>.</summary>
    public bool MatchesIfNoneMatch(StringValues header) => IsInLines(header, matchesWeak: true);

    private bool IsInLines(StringValues header, bool matchesWeak)
    {
        foreach (string? line in header)
        {
            if (line is not null && IsInList(line, matchesWeak))
                return true;
        }

        return false;
    }

    private bool IsInList(ReadOnlySpan<char> list, bool matchesWeak)
    {
        if (list.Trim(" \t") is "*")
            return true;
        while (true)
        {
            list = list.TrimStart(" \t,");
            bool isWeak = list.StartsWith("W/");
            if (isWeak)
                list = list[2..];
            if (list is not ['"', ..])
                return false;
            // A comma may stand inside the quotes, so the list cannot simply be split.
            int end = list[1..].IndexOf('"');
            if (end < 0)
                return false;
            if ((matchesWeak || !isWeak) && list[..(end + 2)].SequenceEqual(Text))
                return true;
            list = list[(end + 2)..];
        }
    }
}
