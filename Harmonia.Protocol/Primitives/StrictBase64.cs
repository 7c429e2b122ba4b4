namespace Harmonia.Protocol.Primitives;

/// <summary>
/// Base 64 (RFC 4648, section 4) with one text for each value: padded, without blanks and line ends, and with zeros in the unused bits of
/// the last digit.
/// </summary>
internal static class StrictBase64
{
    /// <summary>The number of characters for <paramref name="byteCount"/> bytes, including padding.</summary>
    public static int EncodedLength(int byteCount) => (byteCount + 2) / 3 * 4;

    /// <summary>Decodes exactly as many characters as fill <paramref name="destination"/>. Keeps no copy of the bytes.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> destination)
    {
        // The runtime skips blanks. But at this exact length, a blank leaves too few digits to fill the destination.
        if (text.Length != EncodedLength(destination.Length)
            || !Convert.TryFromBase64Chars(text, destination, out int written)
            || written != destination.Length)
        {
            return false;
        }

        // The digits whose four, or two, lowest bits are zero. The runtime also accepts digits with other bits.
        return (written % 3) switch
        {
            1 => "AQgw".Contains(text[^3]),
            2 => "AEIMQUYcgkosw048".Contains(text[^2]),
            _ => true,
        };
    }
}
