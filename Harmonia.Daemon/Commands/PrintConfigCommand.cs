using Harmonia.Daemon.Configuration;
using Harmonia.Protocol.Configuration;

namespace Harmonia.Daemon.Commands;

/// <summary>Prints the effective configuration.</summary>
internal static class PrintConfigCommand
{
    private const int Failure = 1;

    /// <summary>Prints the configuration with all defaults as TOML; returns the exit code.</summary>
    /// <param name="configuration">The TOML file; null for the one that the environment names.</param>
    public static async Task<int> RunAsync(string? configuration)
    {
        try
        {
            await Console.Out.WriteAsync(DaemonOptionsWriter.Write(new DaemonOptionsReader(Environment.GetEnvironmentVariable).Read(configuration)));
            return 0;
        }
        catch (Exception exception) when (exception is ConfigurationException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return Failure;
        }
    }
}
