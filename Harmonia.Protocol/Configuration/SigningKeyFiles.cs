using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Harmonia.Protocol.Store;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Protocol.Configuration;

/// <summary>Reads secret keys. Messages name the file and never show what is in it.</summary>
public static class SigningKeyFiles
{
    // A key takes about 100 bytes. The limit keeps /dev/zero out of memory.
    private const int MaxBytes = 4096;

    /// <summary>Reads one key from each file.</summary>
    /// <param name="files">The files.</param>
    /// <param name="credentialsDirectory">CREDENTIALS_DIRECTORY, whose files systemd protects by other means than their mode.</param>
    /// <param name="errors">Gets an error for each file that holds no key or can't be read.</param>
    /// <param name="warnings">Gets a warning for each file that other users may read.</param>
    /// <returns>The keys, which belong to the caller.</returns>
    public static IReadOnlyList<SecretKey> Read(
        IReadOnlyList<string> files, string? credentialsDirectory, List<ConfigurationError> errors, List<string> warnings)
    {
        List<SecretKey> keys = new();
        foreach (string file in files)
        {
            try
            {
                keys.Add(Read(file));
                FilePermissions.WarnIfOpenToOthers(file, credentialsDirectory, warnings);
            }
            catch (FormatException exception)
            {
                errors.Add(Error(file, $"the signing key cannot be used: {exception.Message}"));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                errors.Add(Error(file, $"the signing key cannot be read: {exception.Message}"));
            }
        }

        return keys;
    }

    // Neither the bytes nor the text ever lie on the heap, where the garbage collector could copy them.
    private static SecretKey Read(string file)
    {
        Span<byte> bytes = stackalloc byte[MaxBytes + 1];
        Span<char> text = stackalloc char[MaxBytes + 1];
        try
        {
            int length = Read(file, bytes);
            return length <= MaxBytes
                ? SecretKey.Parse(text[..Encoding.UTF8.GetChars(bytes[..length], text)])
                : throw new FormatException($"The file is longer than {MaxBytes} bytes.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(text));
        }
    }

    /// <summary>Fills the buffer, or reads to the end of the file.</summary>
    private static int Read(string file, Span<byte> bytes)
    {
        using SafeFileHandle handle = File.OpenHandle(file);
        int length = 0;
        for (int read = -1; read != 0 && length < bytes.Length; length += read)
            read = RandomAccess.Read(handle, bytes[length..], length);
        return length;
    }

    private static ConfigurationError Error(string file, string message) => new(FilePosition.None, file, message);
}
