using System.Text;

namespace Harmonia.Protocol.Configuration;

/// <summary>Reads small files whole, and refuses larger ones.</summary>
public static class BoundedFile
{
    /// <summary>Reads text in UTF-8.</summary>
    /// <param name="file">The file.</param>
    /// <param name="maxBytes">How many bytes the file may have.</param>
    /// <exception cref="FormatException">The file is longer.</exception>
    public static string ReadText(string file, int maxBytes) => Encoding.UTF8.GetString(ReadBytes(file, maxBytes));

    /// <summary>Reads bytes.</summary>
    /// <param name="file">The file.</param>
    /// <param name="maxBytes">How many bytes the file may have.</param>
    /// <exception cref="FormatException">The file is longer.</exception>
    internal static byte[] ReadBytes(string file, int maxBytes)
    {
        using FileStream stream = File.OpenRead(file);
        byte[] bytes = new byte[4096];
        int length = 0;
        for (int read = stream.Read(bytes); read > 0; read = stream.Read(bytes.AsSpan(length)))
        {
            length += read;
            if (length > maxBytes)
            {
                throw new FormatException($"The file is longer than {maxBytes} bytes.");
            }

            if (length == bytes.Length)
            {
                Array.Resize(ref bytes, 2 * length);
            }
        }

        return bytes[..length];
    }
}
