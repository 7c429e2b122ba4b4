using Harmonia.Cache.Catalog;
using Harmonia.Cache.Configuration;
using Harmonia.Cache.Metrics;

namespace Harmonia.Cache.Hosting;

/// <summary>The parts that know the store: the daemon, what it has answered, and whether that still holds.</summary>
internal static class CatalogServices
{
    public static void Add(IServiceCollection services, CacheOptions options)
    {
        services.AddSingleton(new DaemonCatalogOptions
        {
            SocketPath = options.DaemonSocket ?? DaemonSockets.Default(),
            StoreDirectory = options.VirtualStore,
            MaxConnections = options.Workers,
        });
        services.AddSingleton(parts => parts.GetRequiredService<CacheStatistics>().Lookups);
        services.AddSingleton(new StoreFreshness(options.Memory.MaxAge, TimeProvider.System));
        services.AddSingleton<DaemonCatalog>();
        services.AddSingleton<StoreWatch>();
        services.AddSingleton(parts => new CachingCatalog(
            parts.GetRequiredService<DaemonCatalog>(), parts.GetRequiredService<StoreFreshness>(),
            options.Memory.Answers / 2, options.Memory.Misses, parts.GetRequiredService<LookupStatistics>()));
        services.AddSingleton<IStoreCatalog>(parts =>
        {
            // Nobody asks for the watch: it works by being there.
            _ = parts.GetRequiredService<StoreWatch>();
            return parts.GetRequiredService<CachingCatalog>();
        });
    }
}
