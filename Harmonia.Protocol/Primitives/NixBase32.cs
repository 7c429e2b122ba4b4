namespace Harmonia.Protocol.Primitives;

/// <summary>Nix's base 32: its own alphabet, the last byte first. Nix: src/libutil/base-nix-32.cc.</summary>
/// <remarks>
/// Bits are counted from the low end of the first byte, and the text begins with the highest group of five. The digits are in
/// ASCII order, so texts of the same length sort like their numbers.
/// </remarks>
internal static class NixBase32
{
    /// <summary>The 32 digits in ascending order; <c>e</c>, <c>o</c>, <c>t</c> and <c>u</c> are left out.</summary>
    public const string Alphabet = "0123456789abcdfghijklmnpqrsvwxyz";

    private const byte NotADigit = 0xff;
    private static readonly byte[] Values = ReverseAlphabet();

    /// <summary>The number of digits for <paramref name="byteCount"/> bytes: 32 for 20, 52 for 32.</summary>
    public static int EncodedLength(int byteCount) => ((byteCount * 8) + 4) / 5;

    /// <summary>Encodes the bytes.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes) =>
        string.Create(EncodedLength(bytes.Length), bytes, static (text, source) => Encode(source, text));

    /// <summary>Encodes the bytes into <paramref name="destination"/>, which must have exactly <see cref="EncodedLength"/> characters.</summary>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    public static void Encode(ReadOnlySpan<byte> bytes, Span<char> destination)
    {
        if (destination.Length != EncodedLength(bytes.Length))
        {
            throw new ArgumentException(
                $"{bytes.Length} bytes take {EncodedLength(bytes.Length)} digits, but there is room for {destination.Length}.",
                nameof(destination));
        }

        for (int digit = 0; digit < destination.Length; digit++)
        {
            int bit = digit * 5;
            int index = bit / 8;
            int shift = bit % 8;
            int next = index + 1 < bytes.Length ? bytes[index + 1] : 0;
            destination[^(digit + 1)] = Alphabet[((bytes[index] | (next << 8)) >> shift) & 31];
        }
    }

    /// <summary>Decodes exactly as many digits as fill <paramref name="destination"/>.</summary>
    /// <returns>False if the length is different, a character is not a digit, or bits are set beyond the last byte.</returns>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> destination)
    {
        if (text.Length != EncodedLength(destination.Length))
        {
            return false;
        }

        // The last digit has the first byte's lowest bits.
        int index = 0;
        int bits = 0;
        uint pending = 0;
        for (int digit = text.Length - 1; digit >= 0; digit--)
        {
            byte value = ValueOf(text[digit]);
            if (value == NotADigit)
            {
                return false;
            }

            pending |= (uint)value << bits;
            bits += 5;
            if (bits >= 8)
            {
                destination[index++] = (byte)pending;
                pending >>= 8;
                bits -= 8;
            }
        }

        return pending == 0;
    }

    private static byte ValueOf(char character) => character < Values.Length ? Values[character] : NotADigit;

    private static byte[] ReverseAlphabet()
    {
        byte[] values = new byte[128];
        Array.Fill(values, NotADigit);
        for (int value = 0; value < Alphabet.Length; value++)
        {
            values[Alphabet[value]] = (byte)value;
        }

        return values;
    }
}
