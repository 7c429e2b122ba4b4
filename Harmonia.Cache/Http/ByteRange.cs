namespace Harmonia.Cache.Http;

/// <summary>The part of a body that a Range header asks for: first byte and number of bytes, both inside the body.</summary>
public readonly record struct ByteRange(long Offset, long Length)
{
    /// <summary>The last byte, as Content-Range counts it.</summary>
    public long Last => Offset + Length - 1;

    /// <summary>
    /// Reads a Range header (RFC 9110, section 14.2). A unit other than bytes and a header that breaks the grammar are ignored, as
    /// the RFC says. Of several ranges the first that can be satisfied is used: a multipart response helps no client of a cache.
    /// </summary>
    /// <param name="header">The value of the header.</param>
    /// <param name="size">Bytes in the whole body.</param>
    /// <param name="range">The part to send when the result is <see cref="RangeResult.Partial"/>, else the whole body.</param>
    public static RangeResult Parse(ReadOnlySpan<char> header, long size, out ByteRange range)
    {
        range = new ByteRange(0, size);
        int equals = header.IndexOf('=');
        if (equals < 0 || !header[..equals].Equals("bytes", StringComparison.OrdinalIgnoreCase))
            return RangeResult.Whole;

        bool anyElement = false;
        bool satisfiable = false;
        foreach (Range part in header[(equals + 1)..].Split(','))
        {
            ReadOnlySpan<char> element = header[(equals + 1)..][part].Trim(" \t");
            if (element.IsEmpty)
                continue;
            anyElement = true;
            if (!TryParseElement(element, size, out ByteRange candidate))
                return Ignored(size, out range);
            if (!satisfiable && candidate.Length > 0)
            {
                satisfiable = true;
                range = candidate;
            }
        }

        if (!anyElement)
            return RangeResult.Whole;
        return satisfiable ? RangeResult.Partial : RangeResult.Unsatisfiable;
    }

    private static RangeResult Ignored(long size, out ByteRange range)
    {
        range = new ByteRange(0, size);
        return RangeResult.Whole;
    }

    // "first-last", "first-" or "-suffix". The candidate is empty when the body has no such bytes; false breaks the grammar.
    private static bool TryParseElement(ReadOnlySpan<char> element, long size, out ByteRange candidate)
    {
        candidate = default;
        int dash = element.IndexOf('-');
        if (dash < 0)
            return false;
        ReadOnlySpan<char> firstText = element[..dash];
        ReadOnlySpan<char> lastText = element[(dash + 1)..];

        if (firstText.IsEmpty)
        {
            if (!TryParseNumber(lastText, out long suffix))
                return false;
            long length = Math.Min(suffix, size);
            candidate = new ByteRange(size - length, length);
            return true;
        }

        if (!TryParseNumber(firstText, out long first))
            return false;
        long last = long.MaxValue;
        if (!lastText.IsEmpty && (!TryParseNumber(lastText, out last) || last < first))
            return false;
        if (first < size)
            candidate = new ByteRange(first, Math.Min(last, size - 1) - first + 1);
        return true;
    }

    // Any number of digits is valid. A number too large for a long lies behind the end of every body.
    private static bool TryParseNumber(ReadOnlySpan<char> digits, out long number)
    {
        number = 0;
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9'))
            return false;
        if (!long.TryParse(digits, out number))
            number = long.MaxValue;
        return true;
    }
}
