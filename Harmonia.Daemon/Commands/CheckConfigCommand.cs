using Harmonia.Daemon.Configuration;
using Harmonia.Protocol.Configuration;

namespace Harmonia.Daemon.Commands;

/// <summary>Checks the configuration.</summary>
internal static class CheckConfigCommand
{
    private const int Failure = 1;

    /// <summary>Reports errors and warnings; returns the exit code.</summary>
    /// <param name="configuration">The TOML file; null for the one that the environment names.</param>
    /// <param name="skipMissingFiles">Whether to leave out secret keys that are not there.</param>
    public static async Task<int> RunAsync(string? configuration, bool skipMissingFiles)
    {
        try
        {
            DaemonOptionsReader reader = new(Environment.GetEnvironmentVariable);
            DaemonOptions options = reader.Read(configuration);
            List<string> warnings = [.. reader.Warnings];
            IEnumerable<string> keys = options.SecretKeyFiles.Where(file => !skipMissingFiles || Path.Exists(file));
            _ = ConnectionSettings.Of(options with { SecretKeyFiles = [.. keys] }, warnings);
            foreach (string warning in warnings)
            {
                await Console.Error.WriteLineAsync(warning);
            }

            await Console.Error.WriteLineAsync("The configuration is good.");
            return 0;
        }
        catch (Exception exception) when (exception is ConfigurationException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return Failure;
        }
    }
}
