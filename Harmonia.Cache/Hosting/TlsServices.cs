using System.Diagnostics.Metrics;

namespace Harmonia.Cache.Hosting;

/// <summary>
/// What <c>UseHttps</c> asks a container for: the loggers, and Kestrel's metrics, a type that only <c>UseKestrelCore</c> can register.
/// A server without TLS needs no container.
/// </summary>
internal sealed class TlsServices : IWebHostBuilder
{
    private readonly ServiceCollection _services = new();

    private TlsServices()
    {
    }

    /// <summary>Makes the container; the caller disposes it.</summary>
    public static ServiceProvider Of(ILoggerFactory loggers)
    {
        TlsServices builder = new();
        builder._services.AddSingleton(loggers);
        builder._services.AddSingleton<IMeterFactory>(new Meters());
        builder.UseKestrelCore();
        return builder._services.BuildServiceProvider();
    }

    /// <inheritdoc/>
    public IWebHostBuilder ConfigureServices(Action<IServiceCollection> configureServices)
    {
        configureServices(_services);
        return this;
    }

    /// <inheritdoc/>
    public IWebHostBuilder ConfigureServices(Action<WebHostBuilderContext, IServiceCollection> configureServices)
    {
        configureServices(new WebHostBuilderContext(), _services);
        return this;
    }

#pragma warning disable ASPDEPR008 // The interface still has it.
    IWebHost IWebHostBuilder.Build() => throw new NotSupportedException();
#pragma warning restore ASPDEPR008

    IWebHostBuilder IWebHostBuilder.ConfigureAppConfiguration(Action<WebHostBuilderContext, IConfigurationBuilder> configureDelegate) =>
        throw new NotSupportedException();

    string? IWebHostBuilder.GetSetting(string key) => null;

    IWebHostBuilder IWebHostBuilder.UseSetting(string key, string? value) => throw new NotSupportedException();

    // Nobody listens to Kestrel's meters: /metrics are our own.
    private sealed class Meters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new(options);

        public void Dispose()
        {
        }
    }
}
