using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Harmonia.Protocol.Configuration;

/// <summary>Reads TOML 1.0.0 (https://toml.io/en/v1.0.0), and nothing else: what the specification calls invalid is refused.</summary>
public static class TomlReader
{
    /// <summary>
    /// How deep arrays and tables may lie in each other, dotted keys and headers included. No configuration comes near it,
    /// and reading and writing, which recurse, stay far from the end of the stack.
    /// </summary>
    public const int MaxDepth = 128;

    private const char ByteOrderMark = '\uFEFF';

    /// <summary>Reads a document from UTF-8, with or without a byte order mark.</summary>
    /// <param name="utf8">The whole file.</param>
    /// <param name="fileName">The name that positions and errors carry.</param>
    /// <returns>The root table.</returns>
    /// <exception cref="TomlException">The bytes are not UTF-8, or the text is not TOML.</exception>
    public static TomlTable Parse(ReadOnlySpan<byte> utf8, string fileName)
    {
        char[] characters = new char[utf8.Length];
        OperationStatus status = Utf8.ToUtf16(utf8, characters, out int bytesRead, out int written, replaceInvalidSequences: false);
        string text = new(characters, 0, written);
        if (status != OperationStatus.Done)
        {
            throw new TomlException(EndOf(text, fileName), $"expected UTF-8, but got the byte 0x{utf8[bytesRead]:X2}");
        }

        return Parse(text, fileName);
    }

    /// <summary>Reads a document from text, with or without a byte order mark.</summary>
    /// <param name="text">The whole file.</param>
    /// <param name="fileName">The name that positions and errors carry.</param>
    /// <returns>The root table.</returns>
    /// <exception cref="TomlException">The text is not TOML, or has half a surrogate pair.</exception>
    public static TomlTable Parse(string text, string fileName)
    {
        int valid = ValidLength(text);
        if (valid < text.Length)
        {
            throw new TomlException(
                EndOf(text[..valid], fileName), $"expected a Unicode character, but got the lone surrogate U+{(int)text[valid]:X4}");
        }

        return new TomlDocumentParser(new TomlCursor(WithoutMark(text), fileName)).Parse();
    }

    private static string WithoutMark(string text) => text.StartsWith(ByteOrderMark) ? text[1..] : text;

    private static int ValidLength(string text)
    {
        int index = 0;
        while (index < text.Length && Rune.DecodeFromUtf16(text.AsSpan(index), out _, out int consumed) == OperationStatus.Done)
        {
            index += consumed;
        }

        return index;
    }

    private static TomlPosition EndOf(string text, string fileName)
    {
        TomlCursor cursor = new(WithoutMark(text), fileName);
        cursor.SkipToEnd();
        return cursor.Position;
    }
}
