using Harmonia.Tests.Nix;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.NixOS;

/// <summary>The real nginx and Caddy take what the modules write for them, and change nothing that clients need.</summary>
[Category("Nix")]
public sealed class ModuleFrontEndTests
{
    private SmallStore? _store;
    private HarmoniaCache? _cache;
    private TestCertificates? _certificates;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _certificates = await TestCertificates.MakeAsync();
        _store = await SmallStore.StartAsync();
        // As module/cache/settings.nix sets it behind a front end.
        _cache = await HarmoniaCache.StartAsync(_store.Store, _store.Daemon.SocketPath, "trusted_proxies = [\"127.0.0.1\", \"::1\"]");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_cache is not null)
            await _cache.DisposeAsync();
        if (_store is not null)
            await _store.DisposeAsync();
        _certificates?.Dispose();
    }

    [TestCase("nginx")]
    [TestCase("caddy")]
    public async Task Front_end_passes_on_what_clients_need(string name)
    {
        await using ModuleFrontEnd front = await ModuleFrontEnd.StartAsync(name, _cache!.UnixSocket, _certificates!);
        async Task<string> Status(string path, params string[] arguments) =>
            (await front.AskAsync(path, ["--output", "/dev/null", "--write-out", "%{http_code} %{http_version}", .. arguments])).Text;
        string narInfo = (await front.AskAsync($"/{SmallStore.HashOf(_store!.RandomFile)}.narinfo", "--fail")).Text;
        string nar = "/" + narInfo.Split('\n').Single(line => line.StartsWith("URL: ", StringComparison.Ordinal))[5..];
        byte[] whole = (await front.AskAsync(nar, "--fail")).Output;

        Assert.That(whole, Has.Length.GreaterThan(50 * 1024));
        Assert.That(await Status(nar, "--range", "1000-1999"), Is.EqualTo("206 2"));
        Assert.That((await front.AskAsync(nar, "--range", "1000-1999")).Output, Is.EqualTo(whole[1000..2000]));
        Assert.That((await front.AskAsync(nar, "--head", "--header", "Accept-Encoding: gzip")).Text, Does.Not.Contain("content-encoding"));
        Assert.That((await front.AskAsync("/", "--fail", "--compressed")).Text, Does.Contain(front.Url));
        Assert.That(await Status("/metrics"), Is.EqualTo("404 2"));
        Assert.That(await Status("/00000000000000000000000000000000.narinfo"), Is.EqualTo("404 2"));
    }
}
