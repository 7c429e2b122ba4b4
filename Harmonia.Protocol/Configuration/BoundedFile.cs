using System.Text;

namespace Harmonia.Protocol.Configuration;

/// <summary>Reads small files whole, and others not at all.</summary>
public static class BoundedFile
{
    /// <summary>Reads text in UTF-8.</summary>
    /// <param name="file">The file.</param>
    /// <param name="maxBytes">The most bytes it may have.</param>
    /// <exception cref="FormatException">The file is longer.</exception>
    public static string ReadText(string file, int maxBytes)
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

        return Encoding.UTF8.GetString(bytes, 0, length);
    }
}
