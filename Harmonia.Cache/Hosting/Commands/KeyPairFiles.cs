using System.Security.Cryptography;
using System.Text;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Hosting.Commands;

/// <summary>Writes both files of a key pair, or neither. Nothing that exists is overwritten.</summary>
public static class KeyPairFiles
{
    private const UnixFileMode SecretMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode PublicMode = SecretMode | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public static void Write(SecretKey key, string secretFile, string publicFile)
    {
        List<string> written = new();
        byte[] secret = key.Export();
        try
        {
            Write(secretFile, secret, SecretMode, written);
            Write(publicFile, Encoding.UTF8.GetBytes(key.PublicKey.ToString()), PublicMode, written);
        }
        catch
        {
            foreach (string file in written)
                File.Delete(file);
            throw;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    // Like Nix, without a line feed at the end.
    private static void Write(string file, ReadOnlySpan<byte> text, UnixFileMode mode, List<string> written)
    {
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = mode, BufferSize = 0 };
        using FileStream stream = new(file, options);
        written.Add(file);
        // The umask may have taken from a mode, never added to it.
        File.SetUnixFileMode(stream.SafeFileHandle, mode);
        stream.Write(text);
        stream.Flush(flushToDisk: true);
    }
}
