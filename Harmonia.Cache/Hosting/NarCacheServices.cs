using Harmonia.Cache.Configuration;
using Harmonia.Cache.Interop;
using Harmonia.Cache.Metrics;
using Harmonia.Cache.NarCache;
using Harmonia.Cache.NarInfo;
using Harmonia.Protocol.Configuration;

namespace Harmonia.Cache.Hosting;

/// <summary>Adds what serves compressed NARs, and the stored ones where the configuration has a place for them.</summary>
public static class NarCacheServices
{
    /// <summary>Adds the parts. Without libzstd nothing is stored, which the log says where all compression is set up.</summary>
    public static void Add(IServiceCollection services, NarCacheOptions? options)
    {
        // Apart from all other metrics, which count what is made with the help of these parts.
        services.AddSingleton<NarCacheMetrics>();
        if (options is not null && LibZstd.Missing() is null)
            services.AddSingleton(provider => Open(provider, options));
        services.AddSingleton<NarOffers>();
        services.AddSingleton<ZstdNarEndpoint>();
    }

    private static NarFileCache Open(IServiceProvider provider, NarCacheOptions options)
    {
        try
        {
            return new NarFileCache(
                options, provider.GetRequiredService<NarCacheMetrics>(), TimeProvider.System,
                provider.GetRequiredService<ILogger<NarFileCache>>());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException([new ConfigurationError(FilePosition.None, "nar_cache.directory", exception.Message)]);
        }
    }
}
