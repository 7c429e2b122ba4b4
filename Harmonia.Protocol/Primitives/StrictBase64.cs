namespace Harmonia.Protocol.Primitives;

/// <summary>
/// Base 64 (RFC 4648, section 4) with one spelling for each value: padded, without blanks or line ends, with the unused bits of the last
/// digit zero.
/// </summary>
public static class StrictBase64
{
    /// <summary>How many characters spell <paramref name="byteCount"/> bytes, padding included.</summary>
    public static int EncodedLength(int byteCount) => (byteCount + 2) / 3 * 4;

    /// <summary>Reads exactly as many characters as spell <paramref name="destination"/>. Keeps no copy of the bytes.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> destination)
    {
        // The runtime skips blanks. But at this exact length, a blank leaves too few digits to fill the destination.
        if (text.Length != EncodedLength(destination.Length)
            || !Convert.TryFromBase64Chars(text, destination, out int written)
            || written != destination.Length)
        {
            return false;
        }

        // The digits whose four, or two, lowest bits are zero: the runtime takes any other for the same bytes.
        return (written % 3) switch
        {
            1 => "AQgw".Contains(text[^3]),
            2 => "AEIMQUYcgkosw048".Contains(text[^2]),
            _ => true,
        };
    }
}
