using System.Text;
using Harmonia.Protocol.Configuration;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Configuration;

/// <summary>Reads secret keys. Messages name the file; what is in it is never shown.</summary>
public static class SigningKeyFiles
{
    // A key takes about 100 bytes; this keeps /dev/zero out of memory.
    private const int MaxBytes = 4096;

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    public static IReadOnlyList<SecretKey> Read(
        IReadOnlyList<string> files, string? credentialsDirectory, List<ConfigurationError> errors, List<string> warnings)
    {
        var keys = new List<SecretKey>();
        foreach (string file in files)
        {
            try
            {
                keys.Add(ReadKey(file));
                WarnIfOpenToOthers(file, credentialsDirectory, warnings);
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

    private static ConfigurationError Error(string file, string message) => new(TomlPosition.None, file, message);

    private static SecretKey ReadKey(string file)
    {
        byte[] bytes = new byte[MaxBytes + 1];
        using FileStream stream = File.OpenRead(file);
        int length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (length > MaxBytes)
            throw new FormatException($"The file is longer than {MaxBytes} bytes.");
        return SecretKey.Parse(Encoding.UTF8.GetString(bytes, 0, length).Trim());
    }

    private static void WarnIfOpenToOthers(string file, string? credentialsDirectory, List<string> warnings)
    {
        UnixFileMode mode = File.GetUnixFileMode(file);
        if ((mode & Others) != UnixFileMode.None && !IsInside(credentialsDirectory, file))
            warnings.Add($"{file} has insecure permissions {Convert.ToString((int)mode, 8)}; recommend 0600");
    }

    private static bool IsInside(string? directory, string file)
    {
        if (directory is null)
            return false;
        string target = File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(file);
        return target.StartsWith(Path.GetFullPath(directory).TrimEnd('/') + "/", StringComparison.Ordinal);
    }
}
