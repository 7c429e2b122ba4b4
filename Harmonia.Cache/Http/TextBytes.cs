using System.Buffers;
using System.Text;

namespace Harmonia.Cache.Http;

/// <summary>Tells text from other files by their beginning.</summary>
public static class TextBytes
{
    /// <summary>How many bytes of a file are enough.</summary>
    public const int Enough = 4096;

    // Tab, line feed, form feed, carriage return; and escape, for the colours in logs.
    private static readonly SearchValues<byte> Controls = SearchValues.Create(
        [.. Enumerable.Range(0, ' ').Select(value => (byte)value).Except("\t\n\f\r\e"u8.ToArray())]);

    /// <summary>Whether it is UTF-8 without control characters that no text has. The last character may be cut. Nothing at all is text.</summary>
    public static bool IsText(ReadOnlySpan<byte> beginning)
    {
        // The one common format that may begin like text.
        if (beginning.ContainsAny(Controls) || beginning.StartsWith("%PDF-"u8))
            return false;
        while (!beginning.IsEmpty)
        {
            int ascii = beginning.IndexOfAnyInRange((byte)0x80, (byte)0xff);
            if (ascii < 0)
                return true;
            beginning = beginning[ascii..];
            OperationStatus status = Rune.DecodeFromUtf8(beginning, out _, out int length);
            if (status != OperationStatus.Done)
                return status == OperationStatus.NeedMoreData;
            beginning = beginning[length..];
        }

        return true;
    }
}
