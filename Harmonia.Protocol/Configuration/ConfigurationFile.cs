using System.Text;
using Harmonia.Protocol.Primitives;

namespace Harmonia.Protocol.Configuration;

/// <summary>Reads a configuration in TOML 1.1 (https://toml.io/en/v1.1.0).</summary>
public static class ConfigurationFile
{
    // The largest file that makes sense has some 10 KB; this keeps /dev/zero out of memory.
    private const int MaxBytes = 1024 * 1024;

    private const char ByteOrderMark = '\uFEFF';

    /// <summary>Reads a file in UTF-8, with or without a byte order mark.</summary>
    /// <param name="file">The file; errors name it like this.</param>
    /// <exception cref="ConfigurationException">The file cannot be read, or is not TOML.</exception>
    public static ConfigurationReader Read(string file)
    {
        byte[] utf8;
        try
        {
            utf8 = BoundedFile.ReadBytes(file, MaxBytes);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            throw Error(FilePosition.None, file, $"the configuration file cannot be read: {exception.Message}");
        }

        try
        {
            return Parse(StrictUtf8.Encoding.GetString(utf8), file);
        }
        catch (DecoderFallbackException exception)
        {
            string valid = WithoutMark(Encoding.UTF8.GetString(utf8, 0, exception.Index));
            throw Error(FilePosition.EndOf(valid, file), key: null, $"expected UTF-8, but got the byte 0x{utf8[exception.Index]:X2}");
        }
    }

    /// <summary>Reads a text.</summary>
    /// <param name="toml">The text.</param>
    /// <param name="fileName">The name that errors carry.</param>
    /// <exception cref="ConfigurationException">The text is not TOML.</exception>
    public static ConfigurationReader Parse(string toml, string fileName) =>
        new(ConfigurationParser.Parse(WithoutMark(toml), fileName), new FilePosition(fileName, 1, 1));

    private static string WithoutMark(string text) => text.StartsWith(ByteOrderMark) ? text[1..] : text;

    private static ConfigurationException Error(FilePosition position, string? key, string message) =>
        new([new ConfigurationError(position, key, message)]);
}
