using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Harmonia.Cache.Http;

/// <summary>Percent-decoding of one path segment or one half of a query parameter (RFC 3986, section 2.1).</summary>
public static class PercentEncoding
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// Decodes each escape exactly once. False when an escape is broken or the bytes are not UTF-8: such a text names nothing here.
    /// </summary>
    /// <param name="encoded">The text as the client sent it.</param>
    /// <param name="plusIsBlank">In a query, where a plus sign stands for a blank; never in a path.</param>
    /// <param name="decoded">The decoded text.</param>
    public static bool TryDecode(ReadOnlySpan<char> encoded, bool plusIsBlank, [NotNullWhen(true)] out string? decoded)
    {
        decoded = null;
        byte[] bytes = ArrayPool<byte>.Shared.Rent(encoded.Length);
        try
        {
            int length = 0;
            for (int i = 0; i < encoded.Length; i++)
            {
                char character = encoded[i];
                if (!char.IsAscii(character))
                    return false;
                if (character == '+' && plusIsBlank)
                {
                    character = ' ';
                }
                else if (character == '%')
                {
                    if (i + 2 >= encoded.Length || !char.IsAsciiHexDigit(encoded[i + 1]) || !char.IsAsciiHexDigit(encoded[i + 2]))
                        return false;
                    character = (char)((HexValue(encoded[i + 1]) << 4) | HexValue(encoded[i + 2]));
                    i += 2;
                }

                bytes[length++] = (byte)character;
            }

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

    private static int HexValue(char digit) => char.IsAsciiDigit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
