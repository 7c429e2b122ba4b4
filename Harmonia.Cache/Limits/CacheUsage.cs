namespace Harmonia.Cache.Limits;

/// <summary>What a cache in memory holds, as it is when it is read.</summary>
/// <param name="Name">The cache's name.</param>
/// <param name="Bytes">The bytes it takes.</param>
/// <param name="Entries">How many values it has.</param>
/// <param name="Evictions">How many had to go for others.</param>
public sealed record CacheUsage(string Name, Func<long> Bytes, Func<long> Entries, Func<long> Evictions);
