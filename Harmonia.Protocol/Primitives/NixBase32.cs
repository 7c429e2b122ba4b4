using System.Buffers.Binary;

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

    // The letter makes the table below readable.
    private const byte NotADigit = 0xff;
    private const byte X = NotADigit;
    private const int DigitBits = 5;

    // Eight digits are five bytes.
    private const int GroupDigits = 8;
    private const int GroupBytes = 5;
    private const int PairBits = 2 * DigitBits;
    private const int PairMask = (1 << PairBits) - 1;

    // Two digits at a time.
    private static readonly ushort[] Pairs = AllPairs();

    // By ASCII code. Constant data: a native program would look at each access whether an array has been made.
    private static ReadOnlySpan<byte> Values =>
    [
        X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
        X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
        X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, X, X, X, X, X, X,
        X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
        X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
        X, 10, 11, 12, 13, X, 14, 15, 16, 17, 18, 19, 20, 21, 22, X,
        23, 24, 25, 26, X, X, 27, 28, 29, 30, 31, X, X, X, X, X,
    ];

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

    /// <summary>Encodes the bytes as ASCII into <paramref name="destination"/>, which must have exactly <see cref="EncodedLength"/> bytes.</summary>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    public static void Encode(ReadOnlySpan<byte> bytes, Span<byte> destination)
    {
        if (destination.Length != EncodedLength(bytes.Length))
            throw new ArgumentException($"{bytes.Length} bytes do not take {destination.Length} digits.", nameof(destination));
        int end = destination.Length;
        for (; bytes.Length >= GroupBytes; bytes = bytes[GroupBytes..])
        {
            ulong bits = BinaryPrimitives.ReadUInt32LittleEndian(bytes) | ((ulong)bytes[GroupBytes - 1] << 32);
            end -= GroupDigits;
            for (int at = GroupDigits - 2; at >= 0; at -= 2, bits >>= PairBits)
                BinaryPrimitives.WriteUInt16LittleEndian(destination[(end + at)..], Pairs[bits & PairMask]);
        }

        ulong rest = 0;
        for (int i = 0; i < bytes.Length; i++)
            rest |= (ulong)bytes[i] << (8 * i);
        for (; end > 0; rest >>= 5)
            destination[--end] = (byte)Alphabet[(int)(rest & 31)];
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
        int end = text.Length;
        for (; end >= GroupDigits; end -= GroupDigits)
        {
            ulong group = 0;
            int wrong = 0;
            foreach (char digit in text[(end - GroupDigits)..end])
            {
                byte value = ValueOf(digit);
                wrong |= value;
                group = (group << DigitBits) | value;
            }

            if (wrong > Alphabet.Length - 1)
            {
                return false;
            }

            for (int n = 0; n < GroupBytes; n++)
            {
                destination[index++] = (byte)(group >> (8 * n));
            }
        }

        int bits = 0;
        uint pending = 0;
        for (int digit = end - 1; digit >= 0; digit--)
        {
            byte value = ValueOf(text[digit]);
            if (value == NotADigit)
            {
                return false;
            }

            pending |= (uint)value << bits;
            bits += DigitBits;
            if (bits >= 8)
            {
                destination[index++] = (byte)pending;
                pending >>= 8;
                bits -= 8;
            }
        }

        return pending == 0;
    }

    /// <summary>The value of a digit, 0 to 31; 255 for any other character.</summary>
    public static byte ValueOf(char character) => character < Values.Length ? Values[character] : NotADigit;

    private static ushort[] AllPairs()
    {
        ushort[] pairs = new ushort[1 << PairBits];
        for (int bits = 0; bits < pairs.Length; bits++)
            pairs[bits] = (ushort)(Alphabet[bits >> 5] | (Alphabet[bits & 31] << 8));
        return pairs;
    }
}
