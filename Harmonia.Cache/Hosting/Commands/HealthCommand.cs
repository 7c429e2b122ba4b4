using System.CommandLine;
using Harmonia.Cache.Configuration;
using Harmonia.Protocol.Configuration;

namespace Harmonia.Cache.Hosting.Commands;

/// <summary><c>health [--ready] [ADDRESS]</c>: whether a cache answers, for health checks without curl.</summary>
internal static class HealthCommand
{
    private const int Failed = 1;
    private const int Good = 200;

    public static Command Create()
    {
        Option<bool> ready = new("--ready") { Description = "Ask whether paths can be served now, and not only whether the cache answers." };
        Option<string?> config = CreateConfigOption();
        Argument<string?> address = CreateAddress();
        Command command = new("health", "Asks a running cache whether it is well. Ends with 0 or 1, after at most 3 seconds.")
        {
            ready, config, address,
        };
        command.SetAction((result, cancellationToken) =>
            RunAsync(result.GetValue(address), result.GetValue(config), result.GetValue(ready) ? "ready" : "health", cancellationToken));
        return command;
    }

    internal static Argument<string?> CreateAddress() => new("ADDRESS")
    {
        Description = "The URL of the cache, or unix:PATH. Default: the first address of bind.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    internal static Option<string?> CreateConfigOption() => new("--config", "-c")
    {
        Description = "The configuration file that names the address. Default: $CONFIG_FILE, else ./settings.toml if it exists.",
        HelpName = "FILE",
    };

    private static async Task<int> RunAsync(string? address, string? config, string page, CancellationToken cancellationToken)
    {
        try
        {
            using RunningCache cache = address is null ? OfConfiguration(Load(config)) : RunningCache.At(address);
            (int status, string text) = await cache.GetAsync(page, cancellationToken);
            if (status == Good)
            {
                Console.Write(text);
                return 0;
            }

            await Console.Error.WriteLineAsync($"{cache.Address}{(cache.Address.EndsWith('/') ? "" : " /")}{page}: {status} {text.TrimEnd()}");
        }
        catch (Exception exception) when (exception is IOException or FormatException or ConfigurationException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
        }

        return Failed;
    }

    internal static CacheOptions Load(string? config) =>
        ConfigurationLoader.LoadOptions(config, CacheEnvironment.OfProcess(), Directory.GetCurrentDirectory());

    internal static RunningCache OfConfiguration(CacheOptions options) => RunningCache.At(options.Bind[0], options.Tls is not null);
}
