namespace Harmonia.Protocol.Primitives;

/// <summary>
/// Base 64 as Nix reads it in keys: the padding may be missing, line feeds do not count, and the unused bits of the last digit may be
/// anything. Nix: src/libutil/base-n.cc, base64::decode. Nix also ignores all text behind the first <c>=</c>; that is refused here.
/// </summary>
internal static class NixBase64
{
    private const string Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private const int BitsPerDigit = 6;
    private const int BitsPerByte = 8;

    /// <summary>Decodes text that fills <paramref name="destination"/> exactly. Keeps no copy of the bytes.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> destination)
    {
        int padding = text.IndexOf('=');
        ReadOnlySpan<char> digits = padding < 0 ? text : text[..padding];
        return TryDecodeDigits(digits, destination) && (padding < 0 || IsPadding(text[padding..], destination.Length));
    }

    private static bool TryDecodeDigits(ReadOnlySpan<char> digits, Span<byte> destination)
    {
        uint buffer = 0;
        int bits = 0;
        int written = 0;
        foreach (char character in digits)
        {
            if (character == '\n')
                continue;
            int digit = Digits.IndexOf(character);
            if (digit < 0)
                return false;
            buffer = (buffer << BitsPerDigit) | (uint)digit;
            bits += BitsPerDigit;
            if (bits < BitsPerByte)
                continue;
            if (written == destination.Length)
                return false;
            bits -= BitsPerByte;
            destination[written++] = (byte)(buffer >> bits);
        }

        return written == destination.Length;
    }

    private static bool IsPadding(ReadOnlySpan<char> text, int byteCount) =>
        !text.ContainsAnyExcept('=', '\n') && text.Count('=') <= (3 - (byteCount % 3)) % 3;
}
