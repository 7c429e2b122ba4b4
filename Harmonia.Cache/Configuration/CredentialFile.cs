using Harmonia.Cache.Http;
using Harmonia.Protocol.Configuration;

namespace Harmonia.Cache.Configuration;

/// <summary>Reads <c>credentials_path</c>: one <c>name:hash</c> on each line. Empty lines and lines that begin with <c>#</c> are skipped.</summary>
public static class CredentialFile
{
    private const int MaxBytes = 1024 * 1024;

    /// <summary>Returns the credentials. If the file has errors, adds them and returns null.</summary>
    public static CredentialList? Read(
        string file, string? credentialsDirectory, List<ConfigurationError> errors, List<string> warnings)
    {
        try
        {
            string text = BoundedFile.ReadText(file, MaxBytes);
            FilePermissions.WarnIfOpenToOthers(file, credentialsDirectory, warnings);
            return Parse(text, file, errors);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            errors.Add(new ConfigurationError(FilePosition.None, file, $"the credentials cannot be read: {exception.Message}"));
            return null;
        }
    }

    private static CredentialList? Parse(string text, string file, List<ConfigurationError> errors)
    {
        int before = errors.Count;
        List<Credential> credentials = new();
        int number = 0;
        foreach (ReadOnlySpan<char> raw in text.EnumerateLines())
        {
            number++;
            ReadOnlySpan<char> line = raw.Trim();
            if (line.IsEmpty || line[0] == '#')
                continue;
            if (Credential.TryParse(line.ToString(), out Credential? credential))
            {
                credentials.Add(credential);
            }
            else
            {
                errors.Add(new ConfigurationError(
                    FilePosition.None, $"{file}:{number}", "expected a line as 'harmonia-cache hash-password' writes it"));
            }
        }

        return errors.Count == before ? new CredentialList(credentials) : null;
    }
}
