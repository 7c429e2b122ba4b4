using Harmonia.Protocol.Configuration;

namespace Harmonia.Cache.Configuration;

/// <summary>Reads the table <c>[nar_cache]</c>.</summary>
public static class NarCacheOptionsReader
{
    private const string DirectoryKey = "directory";

    // Above this level, a context needs more memory than the data that it compresses, and saves almost nothing.
    private const int MaxLevel = 19;
    private const int MinLevel = -7;

    private const long MaxBytes = 1L << 60;

    /// <summary>Returns null if there is no such cache.</summary>
    public static NarCacheOptions? Read(ConfigurationReader root)
    {
        ConfigurationReader reader = root.Table("nar_cache");
        string? directory = FilePathReader.Read(reader, DirectoryKey);
        long? maxSize = reader.Bytes("max_size", MaxBytes);
        int? level = (int?)reader.Integer("level", MinLevel, MaxLevel);
        if (directory is null)
        {
            if (maxSize is not null || level is not null)
                reader.Reject(DirectoryKey, "the other keys of [nar_cache] need it");
            return null;
        }

        NarCacheOptions options = new() { Directory = directory };
        return options with { MaxSize = maxSize ?? options.MaxSize, Level = level ?? options.Level };
    }
}
