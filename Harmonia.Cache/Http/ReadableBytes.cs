using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Harmonia.Cache.Http;

/// <summary>File names and targets, which are bytes, as text that can go into JSON and pages.</summary>
public static class ReadableBytes
{
    /// <summary>
    /// UTF-8 as it is. A byte that is not part of a character becomes U+FFFD and its two hexadecimal digits, so that two names in a directory
    /// stay different, and every reader accepts the text.
    /// </summary>
    public static string Of(ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes))
            return Encoding.UTF8.GetString(bytes);
        StringBuilder text = new(bytes.Length);
        while (!bytes.IsEmpty)
        {
            bool valid = Rune.DecodeFromUtf8(bytes, out Rune rune, out int consumed) == OperationStatus.Done;
            if (valid)
            {
                text.Append(rune.ToString());
            }
            else
            {
                foreach (byte value in bytes[..consumed])
                    text.Append(CultureInfo.InvariantCulture, $"\ufffd{value:x2}");
            }

            bytes = bytes[consumed..];
        }

        return text.ToString();
    }

    /// <summary>The same text as UTF-8.</summary>
    public static ReadOnlySpan<byte> Utf8Of(ReadOnlySpan<byte> bytes) => Utf8.IsValid(bytes) ? bytes : Encoding.UTF8.GetBytes(Of(bytes));
}
