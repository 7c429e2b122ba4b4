using Harmonia.Protocol.Store;

namespace Harmonia.Protocol.Configuration;

/// <summary>Reads secret keys. Messages name the file; what is in it is never shown.</summary>
public static class SigningKeyFiles
{
    // A key takes about 100 bytes; this keeps /dev/zero out of memory.
    private const int MaxBytes = 4096;

    /// <summary>Reads one key from each file.</summary>
    /// <param name="files">The files.</param>
    /// <param name="credentialsDirectory">CREDENTIALS_DIRECTORY, where systemd guards files by other means than their mode.</param>
    /// <param name="errors">Gets an error for each file that has no key, or can't be read.</param>
    /// <param name="warnings">Gets a warning for each file that others may read.</param>
    /// <returns>The keys, which belong to the caller.</returns>
    public static IReadOnlyList<SecretKey> Read(
        IReadOnlyList<string> files, string? credentialsDirectory, List<ConfigurationError> errors, List<string> warnings)
    {
        List<SecretKey> keys = new();
        foreach (string file in files)
        {
            try
            {
                keys.Add(SecretKey.Parse(BoundedFile.ReadText(file, MaxBytes).Trim()));
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

    private static ConfigurationError Error(string file, string message) => new(TomlPosition.None, file, message);
}
