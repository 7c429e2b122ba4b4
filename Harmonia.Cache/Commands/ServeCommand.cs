using System.CommandLine;
using System.CommandLine.Invocation;
using Harmonia.Cache.Configuration;
using Harmonia.Cache.Endpoints;
using Harmonia.Cache.Hosting;
using Harmonia.Cache.Observability;
using Harmonia.Cache.Store;
using Harmonia.Protocol.Configuration;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Commands;

/// <summary>The command without a name: read the configuration and serve until told to stop.</summary>
public static class ServeCommand
{
    private const int Failed = 1;

    public static RootCommand Create()
    {
        var config = new Option<string?>("--config", "-c")
        {
            Description = "The configuration file. Default: $CONFIG_FILE, else ./settings.toml if it exists.",
            HelpName = "FILE",
        };
        var check = new Option<bool>("--check-config") { Description = "Read the configuration and the keys, report every error, and end." };
        var command = new RootCommand("Serves a Nix store as a binary cache over HTTP.") { config, check, GenerateKeyCommand.Create() };
        foreach (VersionOption version in command.Options.OfType<VersionOption>())
            version.Action = new PrintVersion();
        command.SetAction((result, cancellationToken) =>
            RunAsync(result.GetValue(config), result.GetValue(check), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string? file, bool checkOnly, CancellationToken cancellationToken)
    {
        try
        {
            using CacheConfiguration configuration =
                ConfigurationLoader.Load(file, CacheEnvironment.OfProcess(), Directory.GetCurrentDirectory());
            if (checkOnly)
            {
                foreach (string warning in configuration.Warnings)
                    await Console.Error.WriteLineAsync($"warning: {warning}");
                Console.WriteLine($"The configuration is good ({configuration.Source}).");
                return 0;
            }

            await ServeAsync(configuration, cancellationToken);
            return 0;
        }
        catch (Exception exception) when (exception is ConfigurationException or TomlException or ListenException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return Failed;
        }
    }

    private static async Task ServeAsync(CacheConfiguration configuration, CancellationToken cancellationToken)
    {
        CacheOptions options = configuration.Options;
        using Listeners listeners = Listeners.Bind(options.Bind, options.UnixSocketMode);
        await using WebApplication server = CacheServer.Build(configuration, listeners);

        ILogger logger = server.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Harmonia.Cache");
        LogStart(logger, configuration);
        server.Lifetime.ApplicationStopping.Register(() => logger.Stopping(CacheServer.DrainTime.TotalSeconds));
        await server.StartAsync(cancellationToken);
        foreach (string address in server.Urls)
            logger.Listening(address);
        await server.WaitForShutdownAsync(cancellationToken);
    }

    private static void LogStart(ILogger logger, CacheConfiguration configuration)
    {
        CacheOptions options = configuration.Options;
        logger.ConfiguredFrom(configuration.Source);
        foreach (string warning in configuration.Warnings)
            logger.ConfigurationWarning(warning);
        foreach (SecretKey key in configuration.SigningKeys)
            logger.SigningWith(key.PublicKey.ToString());
        logger.Starting(VersionEndpoint.Text, options.VirtualStore.Path, options.RealStore ?? options.VirtualStore.Path, options.Priority);
        logger.AskingDaemon(options.DaemonSocket ?? DaemonSockets.Default());
    }

    private sealed class PrintVersion : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            parseResult.InvocationConfiguration.Output.WriteLine(VersionEndpoint.Text);
            return 0;
        }
    }
}
