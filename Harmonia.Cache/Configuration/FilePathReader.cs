using Harmonia.Protocol.Configuration;

namespace Harmonia.Cache.Configuration;

/// <summary>
/// Reads a key that names a file. A relative path starts at the working directory, as in harmonia (Rust), so that existing configurations
/// keep working.
/// </summary>
public static class FilePathReader
{
    /// <summary>The path as it is in the file; null if there is none, or if it is not a valid path.</summary>
    public static string? Read(ConfigurationReader reader, string key)
    {
        if (reader.String(key) is not { } path)
            return null;
        if (path.Length > 0 && !path.Contains('\0', StringComparison.Ordinal))
            return path;
        reader.Reject(key, "expected the path of a file");
        return null;
    }
}
