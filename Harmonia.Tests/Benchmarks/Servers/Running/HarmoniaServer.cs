using Harmonia.Benchmarks.Servers.Processes;
using Harmonia.Benchmarks.Servers.Store;

namespace Harmonia.Benchmarks.Servers.Running;

/// <summary>Starts a harmonia-daemon and a harmonia-cache, with default settings and those that are given.</summary>
internal static class HarmoniaServer
{
    private const int FirstPort = 5600;

    /// <param name="name">Names the server, and the directory of its files.</param>
    /// <param name="settings">More of the cache's configuration, as TOML.</param>
    /// <param name="certificate">For TLS; null for none.</param>
    public static async Task<Server> StartAsync(
        Workspace workspace, string name, string settings, CancellationToken cancellationToken, ServerCertificate? certificate = null)
    {
        HarmoniaFiles files = await ConfigureAsync(workspace, name, settings, cancellationToken, certificate);
        return await StartAsync(workspace, name, files, cancellationToken);
    }

    /// <summary>Starts both with a configuration that was written before.</summary>
    public static async Task<Server> StartAsync(Workspace workspace, string name, HarmoniaFiles files, CancellationToken cancellationToken)
    {
        File.Delete(files.DaemonSocket);
        RunningProgram daemon = RunningProgram.Start(
            files.PathOf("daemon.log"), workspace.Program("harmonia-daemon"), ["--config", files.DaemonConfiguration]);
        RunningProgram? cache = null;
        try
        {
            await daemon.AwaitReadyAsync(() => Task.FromResult(File.Exists(files.DaemonSocket)), cancellationToken);
            cache = RunningProgram.Start(
                files.PathOf("cache.log"), workspace.Program("harmonia-cache"), ["--config", files.CacheConfiguration], EnvironmentOf(files));
            Server server = new(name, files.Url, [daemon.ProcessId, cache.ProcessId], [daemon, cache], files.Certificate);
            await cache.AwaitReadyAsync(server.AnswersAsync, cancellationToken);
            return server;
        }
        catch
        {
            if (cache is not null)
                await cache.DisposeAsync();
            await daemon.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes the configuration of both programs into a new directory, and checks that of the cache.</summary>
    /// <param name="place">Which store; null for that of the benchmarks.</param>
    public static async Task<HarmoniaFiles> ConfigureAsync(
        Workspace workspace, string name, string settings, CancellationToken cancellationToken, ServerCertificate? certificate = null, StorePlace? place = null)
    {
        (string realStore, string state) = place ?? new StorePlace(workspace.Store, workspace.State);
        HarmoniaFiles files = new(workspace.NewDirectory(name), FreePort.From(FirstPort), certificate);
        string secretKey = Path.Combine(workspace.Run, "secret-key");
        if (!File.Exists(secretKey))
        {
            await Command.ReadAsync(
                workspace.Program("harmonia-cache"), ["generate-key", "bench-1", secretKey, Path.Combine(workspace.Run, "public-key")], cancellationToken);
        }

        await File.WriteAllTextAsync(files.DaemonConfiguration, $"""
            socket_path = "{files.DaemonSocket}"
            real_store_dir = "{realStore}"
            state_dir = "{state}"
            log_level = "error"
            """, cancellationToken);
        await File.WriteAllTextAsync(files.CacheConfiguration, $"""
            bind = "127.0.0.1:{files.Port}"
            daemon_socket = "{files.DaemonSocket}"
            real_nix_store = "{realStore}"
            sign_key_paths = ["{secretKey}"]
            log_level = "error"
            {(certificate is null ? "" : $"tls_cert_path = \"{certificate.CertificatePath}\"\ntls_key_path = \"{certificate.KeyPath}\"")}
            {settings}
            """, cancellationToken);
        await Command.ReadAsync(workspace.Program("harmonia-cache"), ["--config", files.CacheConfiguration, "--check-config"], cancellationToken);
        return files;
    }

    // systemd sets it for CacheDirectory=.
    private static Dictionary<string, string> EnvironmentOf(HarmoniaFiles files) => new()
    {
        ["CACHE_DIRECTORY"] = Directory.CreateDirectory(files.PathOf("cache")).FullName,
    };
}
