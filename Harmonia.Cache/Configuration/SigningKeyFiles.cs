using Harmonia.Protocol.Configuration;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Configuration;

/// <summary>Reads secret keys. Messages name the file; what is in it is never shown.</summary>
public static class SigningKeyFiles
{
    // A key takes about 100 bytes; this keeps /dev/zero out of memory.
    private const int MaxBytes = 4096;

    public static IReadOnlyList<SecretKey> Read(
        IReadOnlyList<string> files, string? credentialsDirectory, List<ConfigurationError> errors, List<string> warnings)
    {
        var keys = new List<SecretKey>();
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
