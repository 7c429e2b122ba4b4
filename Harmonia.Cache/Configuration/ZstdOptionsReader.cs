using Harmonia.Protocol.Configuration;

namespace Harmonia.Cache.Configuration;

/// <summary>Reads the table <c>[zstd]</c>.</summary>
public static class ZstdOptionsReader
{
    // zstd: lib/zstd.h, ZSTD_minCLevel, ZSTD_maxCLevel, ZSTD_WINDOWLOG_MIN, ZSTD_WINDOWLOG_MAX_64
    private const int MinLevel = -131072;
    private const int MaxLevel = 22;
    private const int MinWindowLog = 10;
    private const int MaxWindowLog = 31;

    private const long WindowsInMemory = 3;
    private const long MaxMemory = 1L << 40;

    public static ZstdOptions Read(ConfigurationReader root)
    {
        const string WindowLog = "window_log";
        ZstdOptions defaults = new();
        ConfigurationReader reader = root.Table("zstd");
        int windowLog = (int?)reader.Integer(WindowLog, 0, MaxWindowLog) ?? defaults.WindowLog;
        if (windowLog is > 0 and < MinWindowLog)
            reader.Reject(WindowLog, $"expected 0 or an integer from {MinWindowLog} to {MaxWindowLog}, but got {windowLog}");
        // With larger windows than the default, the memory limit grows, so that three windows still fit.
        long longDistanceMemory = Math.Max(defaults.MaxLongDistanceMemory, WindowsInMemory << windowLog);
        return new ZstdOptions
        {
            Level = (int?)reader.Integer("level", MinLevel, MaxLevel) ?? defaults.Level,
            LongDistanceMatching = reader.Boolean("long_distance_matching") ?? defaults.LongDistanceMatching,
            WindowLog = windowLog,
            MaxLongDistanceEncoders = (int?)reader.Integer("max_ldm_encoders_per_worker", 0, 1_000_000) ?? defaults.MaxLongDistanceEncoders,
            MaxLongDistanceMemory = reader.Bytes("max_ldm_memory", MaxMemory) ?? longDistanceMemory,
        };
    }
}
