using Harmonia.Cache.Catalog;
using Harmonia.Cache.Configuration;
using Harmonia.Cache.Nar;

namespace Harmonia.Cache.Hosting;

/// <summary>The parts that read the NARs of the store.</summary>
internal static class NarServices
{
    public static void Add(IServiceCollection services, CacheOptions options)
    {
        services.AddSingleton<Quarantine>();
        services.AddSingleton<QuarantineCatalog>();
        // A reading waits for the disk as much as for a processor.
        services.AddSingleton(parts => new StoreNars(
            parts.GetRequiredService<StoreFiles>(), parts.GetRequiredService<Quarantine>(), options.Memory.NarIndexes,
            options.Memory.Nars, maxReadings: 2 * options.Workers));
        services.AddSingleton(new NarListings(options.Memory.Listings));
        services.AddSingleton<NarRequests>();
        services.AddSingleton<NarEndpoint>();
        services.AddSingleton<NarListingEndpoint>();
    }
}
