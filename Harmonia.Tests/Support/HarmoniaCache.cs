using Harmonia.Protocol.Store;

namespace Harmonia.Tests.Support;

/// <summary>A running harmonia-cache on a loopback port, fed by a daemon's socket, with a signing key of its own.</summary>
public sealed class HarmoniaCache : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private HarmoniaProgram? _program;

    private HarmoniaCache(string scheme) => Url = new Uri($"{scheme}://127.0.0.1:{CacheProcess.FreePort()}");

    public Uri Url { get; }

    /// <summary>Its public key as <c>name:base64</c>.</summary>
    public string PublicKey { get; private set; } = "";

    /// <summary>The running process.</summary>
    public HarmoniaProgram Program => _program ?? throw new InvalidOperationException("The cache is not running.");

    /// <summary>The Unix socket on which it listens as well.</summary>
    public string UnixSocket => _directory["http.sock"];

    /// <summary>The file of its signing key.</summary>
    public string KeyFile => _directory["secret-key"];

    /// <summary>Starts one and waits until it answers.</summary>
    /// <param name="store">What it serves.</param>
    /// <param name="daemonSocket">The daemon that it asks.</param>
    /// <param name="settings">More lines for its configuration file.</param>
    /// <param name="other">A cache whose key it signs with, too; null for a key of its own.</param>
    public static Task<HarmoniaCache> StartAsync(
        RealNixStore store, string daemonSocket, string settings = "", HarmoniaCache? other = null) =>
        StartAsync("harmonia-cache", store, daemonSocket, settings, other);

    /// <summary>Starts the native program and waits until it answers.</summary>
    public static Task<HarmoniaCache> StartPublishedAsync(RealNixStore store, string daemonSocket, string settings = "") =>
        StartAsync(HarmoniaProgram.PublishedPath("harmonia-cache"), store, daemonSocket, settings);

    private static async Task<HarmoniaCache> StartAsync(
        string program, RealNixStore store, string daemonSocket, string settings, HarmoniaCache? other = null)
    {
        HarmoniaCache cache = new(settings.Contains("tls_cert_path", StringComparison.Ordinal) ? "https" : "http");
        using SecretKey key = other is null ? SecretKey.Generate("cache.example.org-1") : SecretKey.Parse(await File.ReadAllTextAsync(other.KeyFile));
        cache.PublicKey = key.PublicKey.ToString();
        await File.WriteAllTextAsync(cache.KeyFile, key.ExportText());
        File.SetUnixFileMode(cache.KeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllTextAsync(cache._directory["harmonia.toml"], $"""
            bind = ["127.0.0.1:{cache.Url.Port}", "unix:{cache.UnixSocket}"]
            daemon_socket = "{daemonSocket}"
            virtual_nix_store = "{store.StoreDirectory}"
            real_nix_store = "{store.RealStoreDirectory}"
            sign_key_paths = ["{cache.KeyFile}"]
            {settings}

            """);
        cache._program = await HarmoniaProgram.StartAsync(
            program, ["--config", cache._directory["harmonia.toml"]], cache.IsAliveAsync);
        return cache;
    }

    public async ValueTask DisposeAsync()
    {
        if (_program is not null)
            await _program.DisposeAsync();
        _directory.Dispose();
    }

    // Tests check whether the certificate can be trusted; this does not.
    private async Task<bool> IsAliveAsync() =>
        (await Command.TryRunAsync("curl", ["--silent", "--fail", "--insecure", $"{Url}health"])).ExitCode == 0;
}
