using System.Buffers;
using System.Globalization;
using System.Text;

namespace Harmonia.Protocol.Primitives;

/// <summary>Bytes that need not be text (file names, strings of a peer), printed for messages.</summary>
public static class PrintableBytes
{
    /// <summary>A path can be very long; a message needs its beginning and its end.</summary>
    private const int MaxLength = 1024;

    /// <summary>
    /// Printable UTF-8 as it is, a backslash doubled, every other byte as <c>\xHH</c>: the result has no control characters
    /// and fits on a line. The middle of more than 1024 bytes is left out.
    /// </summary>
    public static string Of(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new(bytes.Length);
        if (bytes.Length <= MaxLength)
            return Append(text, bytes).ToString();
        Append(text, bytes[..(MaxLength / 2)]).Append('…');
        return Append(text, bytes[^(MaxLength / 2)..]).ToString();
    }

    private static StringBuilder Append(StringBuilder text, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bool decoded = Rune.DecodeFromUtf8(bytes, out Rune rune, out int consumed) == OperationStatus.Done;
            if (rune.Value == '\\')
            {
                text.Append(@"\\");
            }
            else if (decoded && IsPrintable(rune))
            {
                text.Append(rune);
            }
            else
            {
                foreach (byte value in bytes[..consumed])
                    text.Append(CultureInfo.InvariantCulture, $"\\x{value:x2}");
            }

            bytes = bytes[consumed..];
        }

        return text;
    }

    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
