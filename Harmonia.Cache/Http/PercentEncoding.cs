using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Harmonia.Cache.Http;

/// <summary>Percent-encoding of one path segment or one half of a query parameter (RFC 3986, section 2.1).</summary>
public static class PercentEncoding
{
    private const string Unescaped = "-._~+";

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// Decodes each escape exactly once. False when an escape is broken or the bytes are not UTF-8: such text names nothing here.
    /// </summary>
    /// <param name="encoded">The text as the client sent it.</param>
    /// <param name="plusIsBlank">In a query, where a plus sign stands for a blank; never in a path.</param>
    /// <param name="decoded">The decoded text.</param>
    public static bool TryDecode(ReadOnlySpan<byte> encoded, bool plusIsBlank, [NotNullWhen(true)] out string? decoded)
    {
        decoded = null;
        byte[] bytes = ArrayPool<byte>.Shared.Rent(encoded.Length);
        try
        {
            if (!TryDecode(encoded, plusIsBlank, bytes, out int length))
                return false;
            decoded = Utf8.GetString(bytes.AsSpan(0, length));
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>Decodes each escape exactly once to bytes, which need not be UTF-8. False when an escape is broken.</summary>
    /// <param name="encoded">The text as the client sent it.</param>
    /// <param name="plusIsBlank">In a query, where a plus sign stands for a blank; never in a path.</param>
    /// <param name="destination">At least as long as the text.</param>
    /// <param name="length">How many bytes were written.</param>
    public static bool TryDecode(ReadOnlySpan<byte> encoded, bool plusIsBlank, Span<byte> destination, out int length)
    {
        length = 0;
        for (int i = 0; i < encoded.Length; i++)
        {
            byte value = encoded[i];
            if (value >= 0x80)
                return false;
            if (value == '+' && plusIsBlank)
            {
                value = (byte)' ';
            }
            else if (value == '%')
            {
                if (i + 2 >= encoded.Length || !char.IsAsciiHexDigit((char)encoded[i + 1]) || !char.IsAsciiHexDigit((char)encoded[i + 2]))
                    return false;
                value = (byte)((HexValue(encoded[i + 1]) << 4) | HexValue(encoded[i + 2]));
                i += 2;
            }

            destination[length++] = value;
        }

        return true;
    }

    /// <summary>A name as one path segment: every byte but letters, digits and <c>-._~+</c> escaped, the percent sign as well.</summary>
    public static string Encode(ReadOnlySpan<byte> name)
    {
        StringBuilder encoded = new(name.Length);
        foreach (byte value in name)
        {
            if (char.IsAsciiLetterOrDigit((char)value) || Unescaped.Contains((char)value))
                encoded.Append((char)value);
            else
                encoded.Append('%').Append(value.ToString("X2", CultureInfo.InvariantCulture));
        }

        return encoded.ToString();
    }

    private static int HexValue(byte digit) => char.IsAsciiDigit((char)digit) ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
