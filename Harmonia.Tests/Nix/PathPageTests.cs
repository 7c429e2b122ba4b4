using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

/// <summary>The page about a path agrees with Nix, whichever daemon is behind the cache.</summary>
[Category("Nix")]
[TestFixtureSource(typeof(NixRelease), nameof(NixRelease.All))]
public sealed class PathPageTests(NixRelease release)
{
    private RealNixStore _store = null!;
    private SampleStorePaths _paths = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _store = await RealNixStore.CreateAsync(release);
        _paths = await SampleStorePaths.AddToAsync(_store);
    }

    [OneTimeTearDown]
    public void Stop() => _store.Dispose();

    [Test]
    public async Task Behind_the_daemon_of_Nix()
    {
        using RealNixDaemon daemon = RealNixDaemon.Start(_store);
        await AssertAgreesAsync(daemon.SocketPath);
    }

    [Test]
    public async Task Behind_the_daemon_of_Harmonia()
    {
        await using HarmoniaDaemon daemon = await HarmoniaDaemon.StartAsync(_store);
        await AssertAgreesAsync(daemon.SocketPath);
    }

    private async Task AssertAgreesAsync(string socket)
    {
        await using HarmoniaCache cache = await HarmoniaCache.StartAsync(_store, socket);
        string path = _paths.Chain[5];
        string html = await GetAsync(cache, $"path/{SmallStore.HashOf(path)}");
        string page = PageText.Of(html);

        Assert.That(page, Does.Contain($"\n{path}\n"));
        Assert.That(html, Does.Contain($"<dt>Paths with all it needs</dt><dd>{(await QueryAsync("--requisites", path)).Length}</dd>"));
        foreach ((string option, string title) in ((string, string)[])[("--references", "<h2>Refers to</h2>"), ("--referrers", "<h2>Is referred to by</h2>")])
        {
            string[] listed = [.. html.Split(title)[1].Split("</ul>")[0].Split("<li><a href=\"").Skip(1).Select(item => item.Split('"')[0])];
            Assert.That(
                listed, Is.EquivalentTo((await QueryAsync(option, path)).Where(other => other != path).Select(Path.GetFileName)), option);
        }

        Assert.That(html, Does.Contain($"<a href=\"{Path.GetFileName(_paths.ChainDerivations[5])}\">"));
        string log = $"log/{Path.GetFileName(_paths.ChainDerivations[5])}";
        Assert.That(html, Does.Contain($"href=\"../{log}\""));
        await GetAsync(cache, log);
        await GetAsync(cache, $"serve/{Path.GetFileName(path)}/");
    }

    private async Task<string[]> QueryAsync(string option, string path) => await _store.RunAsync("nix-store", "--query", option, path);

    private static async Task<string> GetAsync(HarmoniaCache cache, string target) =>
        (await Command.RunAsync("curl", ["--silent", "--fail", "--location", $"{cache.Url}{target}"])).Text;
}
