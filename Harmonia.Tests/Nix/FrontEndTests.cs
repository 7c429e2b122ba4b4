using System.Globalization;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

/// <summary>The configurations of docs/deployment with the real front ends, in front of two caches.</summary>
[Category("Nix")]
[TestFixtureSource(typeof(FrontEnd), nameof(FrontEnd.Names))]
public sealed class FrontEndTests(string name)
{
    // Less than the large file has: who cannot resume never gets it.
    private const int BytesOfConnection = 20 << 20;

    private HarmoniaDaemon? _daemon;
    private HarmoniaCache? _first;
    private HarmoniaCache? _second;
    private TestCertificates? _certificates;
    private FrontEnd? _started;

    private static LargeStore Store => LargeStoreSetUp.Store;

    private FrontEnd Front => _started ?? throw new InvalidOperationException("The front end is not running.");

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _certificates = await TestCertificates.MakeAsync();
        _daemon = await HarmoniaDaemon.StartAsync(Store.Store);
        _first = await HarmoniaCache.StartAsync(Store.Store, _daemon.SocketPath);
        _second = await HarmoniaCache.StartAsync(Store.Store, _daemon.SocketPath, other: _first);
        _started = await FrontEnd.StartAsync(name, _first, _second, _certificates);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        foreach (IAsyncDisposable? started in (IAsyncDisposable?[])[_started, _second, _first, _daemon])
        {
            if (started is not null)
                await started.DisposeAsync();
        }

        _certificates?.Dispose();
    }

    [Test]
    public async Task A_client_copies_through_it([ValueSource(typeof(NixRelease), nameof(NixRelease.All))] NixRelease release)
    {
        using RealNixStore destination = await RealNixStore.CreateAsync(release, RealNixStoreLayout.Chroot);

        CommandResult copied = await CopyAsync(destination, Front.Url, Store.OddTree);

        Assert.That(copied.ExitCode, Is.Zero, copied.Errors);
        Assert.That(await destination.QueryAllAsync(), Does.Contain(Store.OddTree));
    }

    [Test]
    public async Task A_client_resumes_a_broken_download()
    {
        await using CuttingProxy proxy = CuttingProxy.Start(Front.Port, BytesOfConnection);
        using RealNixStore destination = await RealNixStore.CreateAsync(NixRelease.Forky, RealNixStoreLayout.Chroot);
        UriBuilder url = new(Front.Url) { Port = proxy.Url.Port };

        CommandResult copied = await CopyAsync(destination, url.Uri, Store.LargeFile);

        Assert.That(copied.ExitCode, Is.Zero, copied.Errors);
        Assert.That(await destination.QueryAllAsync(), Does.Contain(Store.LargeFile));
        Assert.That(proxy.Connections, Is.GreaterThan(1));
    }

    [Test]
    public async Task It_changes_no_body_and_no_header_that_clients_need()
    {
        string narInfo = $"/{SmallStore.HashOf(Store.LargeFile)}.narinfo";
        string nar = "/" + (await BodyAsync(narInfo)).Split('\n').Single(line => line.StartsWith("URL: ", StringComparison.Ordinal))[5..];
        string tag = await HeaderAsync(narInfo, "etag");
        long length = long.Parse(await HeaderAsync(nar, "content-length"), CultureInfo.InvariantCulture);
        byte[] whole = (await Front.AskAsync(nar, "--fail")).Output;

        Assert.That(whole, Has.Length.EqualTo(length));
        Assert.That(await HeaderAsync(nar, "accept-ranges"), Is.EqualTo("bytes"));
        Assert.That(await HeaderAsync(nar, "content-encoding", "--header", "Accept-Encoding: gzip, br"), Is.Empty);
        Assert.That((await Front.AskAsync(nar, "--range", $"{length - 1000}-")).Output.AsSpan().SequenceEqual(whole.AsSpan(^1000..)));
        Assert.That(await StatusAsync(nar, "--range", $"{length - 1000}-"), Is.EqualTo("206"));
        Assert.That(await StatusAsync(narInfo, "--header", $"If-None-Match: {tag}"), Is.EqualTo("304"));
        Assert.That(await StatusAsync("/00000000000000000000000000000000.narinfo"), Is.EqualTo("404"));
    }

    [Test]
    public async Task It_keeps_the_metrics_private_and_shows_its_own_URL()
    {
        Assert.That(await StatusAsync("/metrics"), Is.EqualTo("404"));
        // Pages come compressed from the cache, and only once.
        Assert.That((await Front.AskAsync("/", "--fail", "--compressed")).Text, Does.Contain(Front.Url.GetLeftPart(UriPartial.Authority)));
        if (Front.IsEncrypted)
            Assert.That((await Front.AskAsync("/nix-cache-info", "--output", "/dev/null", "--write-out", "%{http_version}")).Text, Is.EqualTo("2"));
    }

    [Test]
    public async Task One_cache_is_enough()
    {
        await using HarmoniaCache lost = await HarmoniaCache.StartAsync(Store.Store, _daemon!.SocketPath, other: _second);
        await using FrontEnd front = await FrontEnd.StartAsync(name, lost, _second!, _certificates!);
        await lost.Program.KillAsync();

        foreach (string path in Store.Outputs)
        {
            CommandResult answer = await front.AskAsync($"/{SmallStore.HashOf(path)}.narinfo", "--fail");
            Assert.That(answer.Text, Does.Contain($"StorePath: {path}\n"));
        }
    }

    private async Task<string> BodyAsync(string path) => (await Front.AskAsync(path, "--fail")).Text;

    private async Task<string> StatusAsync(string path, params string[] arguments) =>
        (await Front.AskAsync(path, ["--output", "/dev/null", "--write-out", "%{http_code}", .. arguments])).Text;

    private async Task<string> HeaderAsync(string path, string header, params string[] arguments)
    {
        string head = (await Front.AskAsync(path, ["--head", .. arguments])).Text;
        return head.Split('\n').FirstOrDefault(line => line.StartsWith($"{header}:", StringComparison.OrdinalIgnoreCase))?[(header.Length + 1)..].Trim() ?? "";
    }

    private Task<CommandResult> CopyAsync(RealNixStore destination, Uri url, string path) => Command.TryRunAsync(
        destination.Release.Program("nix"),
        [
            "copy", "--extra-experimental-features", "nix-command", "--from", url.GetLeftPart(UriPartial.Authority),
            "--option", "trusted-public-keys", _first!.PublicKey, "--option", "require-sigs", "true", path,
        ],
        new Dictionary<string, string?>(destination.Environment) { ["NIX_SSL_CERT_FILE"] = Front.Authority });
}
