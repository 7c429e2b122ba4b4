using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

/// <summary>A key that changes under a download.</summary>
[Category("Nix")]
public sealed class KeyRotationTests
{
    private HarmoniaDaemon? _daemon;
    private HarmoniaCache? _cache;

    private static LargeStore Store => LargeStoreSetUp.Store;

    private static string HashOfTree => Path.GetFileName(Store.OddTree)[..32];

    [OneTimeSetUp]
    public async Task StartBothAsync()
    {
        _daemon = await HarmoniaDaemon.StartAsync(Store.Store);
        _cache = await HarmoniaCache.StartAsync(Store.Store, _daemon.SocketPath);
    }

    [OneTimeTearDown]
    public async Task StopBothAsync()
    {
        if (_cache is not null)
            await _cache.DisposeAsync();
        if (_daemon is not null)
            await _daemon.DisposeAsync();
    }

    [Test]
    public async Task A_new_key_signs_after_SIGHUP_and_a_download_under_way_goes_on()
    {
        using HttpClient client = new() { BaseAddress = _cache!.Url };
        string narUrl = (await client.GetStringAsync($"/{HashOfTree}.narinfo")).Split('\n').Single(line => line.StartsWith("URL: ", StringComparison.Ordinal))[5..];
        await using Stream download = await client.GetStreamAsync(narUrl);
        await download.ReadExactlyAsync(new byte[1000]);
        using SecretKey key = SecretKey.Generate("rotated-1");

        await File.WriteAllTextAsync(_cache.KeyFile, key.ExportText());
        await Command.RunAsync("kill", ["-HUP", $"{_cache.Program.ProcessId}"]);
        string narInfo = "";
        await Patience.UntilAsync(async () =>
        {
            narInfo = await client.GetStringAsync($"/{HashOfTree}.narinfo");
            return narInfo.Contains("Sig: rotated-1:", StringComparison.Ordinal);
        });

        using MemoryStream rest = new();
        await download.CopyToAsync(rest);
        string size = narInfo.Split('\n').Single(line => line.StartsWith("NarSize: ", StringComparison.Ordinal))[9..];
        Assert.That($"{1000 + rest.Length}", Is.EqualTo(size));
    }
}
