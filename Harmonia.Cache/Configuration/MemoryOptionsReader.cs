using Harmonia.Protocol.Configuration;

namespace Harmonia.Cache.Configuration;

/// <summary>Reads the table <c>[memory]</c>.</summary>
public static class MemoryOptionsReader
{
    private const long MaxBytes = 1L << 40;
    private const int MaxSeconds = 60 * 60;

    /// <summary>If a key is wrong or missing, its option has the default.</summary>
    public static MemoryOptions Read(ConfigurationReader reader)
    {
        MemoryOptions defaults = new();
        return new MemoryOptions
        {
            Answers = reader.Bytes("answers", MaxBytes) ?? defaults.Answers,
            Misses = reader.Bytes("misses", MaxBytes) ?? defaults.Misses,
            NarIndexes = reader.Bytes("nar_indexes", MaxBytes) ?? defaults.NarIndexes,
            Nars = reader.Bytes("nars", MaxBytes) ?? defaults.Nars,
            Listings = reader.Bytes("listings", MaxBytes) ?? defaults.Listings,
            MaxAge = reader.Integer("max_age", 0, MaxSeconds) is { } seconds ? TimeSpan.FromSeconds(seconds) : defaults.MaxAge,
        };
    }
}
