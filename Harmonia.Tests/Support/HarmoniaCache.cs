using System.Net;
using System.Net.Sockets;
using Harmonia.Protocol.Store;

namespace Harmonia.Tests.Support;

/// <summary>A running harmonia-cache on a loopback port, fed by a daemon's socket, with a signing key of its own.</summary>
public sealed class HarmoniaCache : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private HarmoniaProgram? _program;

    private HarmoniaCache(int port) => Url = new Uri($"http://127.0.0.1:{port}");

    public Uri Url { get; }

    /// <summary>Its public key as <c>name:base64</c>.</summary>
    public string PublicKey { get; private set; } = "";

    /// <summary>The running process.</summary>
    public HarmoniaProgram Program => _program ?? throw new InvalidOperationException("The cache is not running.");

    public static async Task<HarmoniaCache> StartAsync(RealNixStore store, string daemonSocket)
    {
        var cache = new HarmoniaCache(FreePort());
        using SecretKey key = SecretKey.Generate("cache.example.org-1");
        cache.PublicKey = key.PublicKey.ToString();
        await File.WriteAllTextAsync(cache._directory["secret-key"], key.Export());
        File.SetUnixFileMode(cache._directory["secret-key"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllTextAsync(cache._directory["harmonia.toml"], $"""
            bind = "127.0.0.1:{cache.Url.Port}"
            daemon_socket = "{daemonSocket}"
            virtual_nix_store = "{store.StoreDirectory}"
            real_nix_store = "{store.RealStoreDirectory}"
            sign_key_paths = ["{cache._directory["secret-key"]}"]

            """);
        cache._program = await HarmoniaProgram.StartAsync(
            "harmonia-cache", ["--config", cache._directory["harmonia.toml"]], cache.IsAliveAsync);
        return cache;
    }

    public async ValueTask DisposeAsync()
    {
        if (_program is not null)
            await _program.DisposeAsync();
        _directory.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task<bool> IsAliveAsync()
    {
        using var client = new HttpClient();
        try
        {
            return (await client.GetAsync(new Uri(Url, "/health"))).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
