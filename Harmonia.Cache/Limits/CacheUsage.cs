namespace Harmonia.Cache.Limits;

/// <summary>How full a cache in memory is; each value is read when it is asked for.</summary>
/// <param name="Name">The name of the cache.</param>
/// <param name="Bytes">The bytes it takes.</param>
/// <param name="Entries">The number of entries.</param>
/// <param name="Evictions">The number of evicted entries.</param>
public sealed record CacheUsage(string Name, Func<long> Bytes, Func<long> Entries, Func<long> Evictions);
