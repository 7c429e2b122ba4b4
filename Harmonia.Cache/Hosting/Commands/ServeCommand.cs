using System.CommandLine;
using System.CommandLine.Invocation;
using System.Net;
using Harmonia.Cache.Catalog;
using Harmonia.Cache.Configuration;
using Harmonia.Cache.Metrics;
using Harmonia.Cache.Pages;
using Harmonia.Protocol.Configuration;
using Harmonia.Protocol.Primitives;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Systemd;

namespace Harmonia.Cache.Hosting.Commands;

/// <summary>The command without a name: read the configuration and serve until told to stop.</summary>
public static class ServeCommand
{
    private const int Failed = 1;

    // FileDescriptorName= of a socket unit.
    private const string MetricsSocketName = "metrics";

    public static RootCommand Create()
    {
        Option<string?> config = new("--config", "-c")
        {
            Description = "The configuration file. Default: $CONFIG_FILE, else ./settings.toml if it exists.",
            HelpName = "FILE",
        };
        Option<bool> check = new("--check-config") { Description = "Read the configuration, keys and certificates, report every error, and end." };
        Option<bool> skip = new("--skip-missing-files")
        {
            Description = "With --check-config: warn of keys, certificates and credentials that are not there, as on a machine that only builds.",
        };
        Option<bool> print = new("--print-config") { Description = "Print the configuration with all defaults, as TOML, and end." };
        RootCommand command = new("Serves a Nix store as a binary cache over HTTP.")
        {
            config, check, skip, print, GenerateKeyCommand.Create(), HashPasswordCommand.Create(), HealthCommand.Create(),
            StatusCommand.Create(),
        };
        foreach (VersionOption version in command.Options.OfType<VersionOption>())
            version.Action = new PrintVersion();
        command.SetAction((result, cancellationToken) =>
            RunAsync(result.GetValue(config), result.GetValue(check), result.GetValue(skip), result.GetValue(print), cancellationToken));
        command.Validators.Add(result =>
        {
            if (result.GetValue(skip) && !result.GetValue(check))
                result.AddError("--skip-missing-files needs --check-config.");
        });
        return command;
    }

    private static async Task<int> RunAsync(string? file, bool checkOnly, bool skipMissing, bool printOnly, CancellationToken cancellationToken)
    {
        // First of all: until then the signal ends the process, and whoever replaces a key may send it at any moment.
        using SighupSignal sighup = new();
        try
        {
            using CacheConfiguration configuration =
                ConfigurationLoader.Load(file, CacheEnvironment.OfProcess(), Directory.GetCurrentDirectory(), skipMissing);
            if (checkOnly)
            {
                foreach (string warning in configuration.Warnings)
                    await Console.Error.WriteLineAsync($"warning: {warning}");
                Console.WriteLine($"The configuration is good ({configuration.Source}).");
                return 0;
            }

            if (printOnly)
            {
                Console.Write(CacheOptionsWriter.Write(configuration.Options));
                return 0;
            }

            return await ServeAsync(configuration, sighup, cancellationToken) ? 0 : Failed;
        }
        catch (Exception exception) when (exception is ConfigurationException or ListenException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return Failed;
        }
    }

    // False if it stops because a background task has failed: then a service manager must start it again.
    private static async Task<bool> ServeAsync(CacheConfiguration configuration, SighupSignal sighup, CancellationToken cancellationToken)
    {
        InlineTransport.EnableInProcess();
        OpenSsl.Load();
        IReadOnlyList<InheritedSocket> inherited = TakeInherited();
        CacheOptions options = configuration.Options;
        using Listeners listeners = Open(inherited, options);
        if (configuration.Certificate is not null && !listeners.EndPoints.OfType<IPEndPoint>().Any())
            throw new ListenException(listeners.EndPoints[0].ToString() ?? "", "TLS is not supported with Unix domain sockets");
        await using CacheHost host = new(configuration, listeners, sighup);

        ILogger logger = host.Loggers.CreateLogger("Harmonia.Cache");
        LogStart(logger, configuration);
        host.Stopping.Register(() => logger.Stopping(CacheHost.DrainTime.TotalSeconds));
        foreach (InheritedSocket socket in inherited)
            logger.ListeningOnInherited(socket.Name, socket.Descriptor);
        using StopSignals signals = new();
        await host.StartAsync(cancellationToken);
        foreach (string address in host.Urls)
            logger.Listening(address);
        if (configuration.Certificate is not null)
        {
            foreach (EndPoint address in listeners.EndPoints.Where(address => address is not IPEndPoint))
                logger.UnixSocketWithoutTls($"unix:{address}");
        }

        return await host.ServeUntilAsync(signals.First, cancellationToken);
    }

    // Sockets of systemd go before bind and metrics_bind, each kind for itself.
    private static Listeners Open(IReadOnlyList<InheritedSocket> inherited, CacheOptions options)
    {
        ILookup<bool, InheritedSocket> sockets = inherited.ToLookup(socket => socket.Name == MetricsSocketName);
        Listeners listeners = sockets[false].Any() ? Listeners.Of(sockets[false]) : Listeners.Bind(options.Bind, options.UnixSocketMode);
        try
        {
            if (sockets[true].Any())
                listeners.TakeMetrics(sockets[true]);
            else if (options.MetricsBind is { } metricsBind)
                listeners.BindMetrics(metricsBind, options.UnixSocketMode);
            return listeners;
        }
        catch (ListenException)
        {
            listeners.Dispose();
            throw;
        }
    }

    private static IReadOnlyList<InheritedSocket> TakeInherited()
    {
        try
        {
            return InheritedSocket.TakeAll(SystemdEnvironment.OfProcess().SocketNames);
        }
        catch (IOException exception)
        {
            throw new ListenException("the sockets of systemd", exception.Message);
        }
    }

    private static void LogStart(ILogger logger, CacheConfiguration configuration)
    {
        CacheOptions options = configuration.Options;
        logger.ConfiguredFrom(configuration.Source);
        foreach (string warning in configuration.Warnings)
            logger.ConfigurationWarning(warning);
        foreach (SecretKey key in configuration.SigningKeys)
            logger.SigningWith(key.PublicKey.ToString());
        if (configuration.Credentials is { } credentials)
            logger.Private(credentials.Count);
        logger.Starting(VersionEndpoint.Text, options.VirtualStore.Path, options.RealStore ?? options.VirtualStore.Path, options.Priority);
        logger.AskingDaemon(options.DaemonSocket ?? DaemonSockets.Default());
    }

    private sealed class PrintVersion : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            TextWriter output = parseResult.InvocationConfiguration.Output;
            output.WriteLine(VersionEndpoint.Text);
            output.WriteLine(ProgramBuild.Describe(typeof(ServeCommand).Assembly));
            return 0;
        }
    }
}
