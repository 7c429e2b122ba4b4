using System.Net.Sockets;
using Harmonia.Daemon.Configuration;
using Harmonia.Daemon.Interop;
using Harmonia.Protocol.Configuration;
using Microsoft.Extensions.Logging;

namespace Harmonia.Daemon.Commands;

/// <summary>Runs the daemon.</summary>
internal static class DaemonCommand
{
    private const int Failure = 1;

    /// <summary>Serves until the daemon is told to stop; returns the exit code.</summary>
    /// <param name="configuration">The TOML file; null for the one that the environment names.</param>
    /// <param name="useStandardStreams">Whether to serve one client on standard input and output instead of a socket.</param>
    public static async Task<int> RunAsync(string? configuration, bool useStandardStreams)
    {
        try
        {
            DaemonOptionsReader reader = new(Environment.GetEnvironmentVariable);
            DaemonOptions options = reader.Read(configuration);
            PrivateMount.MakeWritable(options.RealStoreDirectory);
            using ILoggerFactory loggers = DaemonLogging.Create(options.LogLevel, options.LogFormat);
            ILogger logger = loggers.CreateLogger("harmonia-daemon");
            foreach (string warning in reader.Warnings)
            {
                logger.ConfigurationWarning(warning);
            }

            using DaemonHost host = new(options, logger);
            await (useStandardStreams ? host.ServeStandardStreamsAsync() : host.ListenAsync());
            return 0;
        }
        catch (Exception exception) when (exception
            is ConfigurationException or IOException or UnauthorizedAccessException or SocketException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return Failure;
        }
    }
}
