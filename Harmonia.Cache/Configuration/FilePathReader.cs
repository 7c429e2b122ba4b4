using Harmonia.Protocol.Configuration;

namespace Harmonia.Cache.Configuration;

/// <summary>
/// Reads a key that names a file. A relative one counts from the working directory, as in harmonia (Rust), so that its files go on
/// working.
/// </summary>
public static class FilePathReader
{
    /// <summary>The path as it stands in the file; null where there is none that could be one.</summary>
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
