using Harmonia.Tests.Cache.Metrics;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

/// <summary>Real clients accept responses that the cache compresses while it sends them.</summary>
[Category("Nix")]
[TestFixtureSource(typeof(NixRelease), nameof(NixRelease.All))]
public sealed class CompressedSubstitutionTests(NixRelease release)
{
    private HarmoniaDaemon? _daemon;
    private HarmoniaCache? _cache;

    private static LargeStore Store => LargeStoreSetUp.Store;

    [OneTimeSetUp]
    public async Task StartBothAsync()
    {
        _daemon = await HarmoniaDaemon.StartAsync(Store.Store);
        _cache = await HarmoniaCache.StartAsync(Store.Store, _daemon.SocketPath, """
            enable_compression = true

            [zstd]
            level = 3
            """);
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
    public async Task A_closure_is_copied_and_verified()
    {
        using RealNixStore destination = await RealNixStore.CreateAsync(release, RealNixStoreLayout.Chroot);

        await Command.RunAsync(
            release.Program("nix"),
            [
                "copy", "--extra-experimental-features", "nix-command", "--from", _cache!.Url.ToString(),
                "--option", "trusted-public-keys", _cache.PublicKey, "--option", "require-sigs", "true", Store.OddTree, Store.Outputs[1],
            ],
            destination.Environment);

        CommandResult verified = await Command.RunAsync(
            release.Program("nix-store"), ["--verify", "--check-contents"], destination.Environment);
        Assert.That(verified.Errors, Does.Not.Contain("error").And.Not.Contain("modified"));
        Assert.That(await destination.QueryAllAsync(), Does.Contain(Store.OddTree));
        string metrics = (await Command.RunAsync("curl", ["--silent", $"{_cache.Url}metrics"])).Text;
        // Nix 2.8 does not say which codings it accepts, so it gets NARs uncompressed.
        Assert.That(
            MetricSample.ValueOf(metrics, "harmonia_compression_responses_total", "coding=\"zstd\""),
            release == NixRelease.Bookworm ? Is.Zero : Is.GreaterThan(0));
    }

    [Test]
    public async Task Curl_and_zstd_undo_each_coding()
    {
        string hash = Path.GetFileName(Store.OddTree)[..32];
        string narinfo = (await Command.RunAsync("curl", ["--silent", "--fail", $"{_cache!.Url}{hash}.narinfo"])).Text;
        string url = _cache.Url + narinfo.Split('\n').Single(line => line.StartsWith("URL: ", StringComparison.Ordinal))[5..];
        byte[] plain = (await Command.RunAsync("curl", ["--silent", "--fail", url])).Output;

        byte[] compressed = (await Command.RunAsync("curl", ["--silent", "--fail", "--header", "Accept-Encoding: zstd", url])).Output;
        byte[] decoded = (await Command.RunAsync("curl", ["--silent", "--fail", "--compressed", url])).Output;
        string page = (await Command.RunAsync("curl", ["--silent", "--fail", "--compressed", "--include", _cache.Url.ToString()])).Text;

        Assert.That((await Decoding.UndoAsync("zstd", compressed)).AsSpan().SequenceEqual(plain));
        Assert.That(decoded.AsSpan().SequenceEqual(plain));
        Assert.That(page, Does.Match("(?i)content-encoding: (zstd|br|gzip)").And.Contain("</html>"));
    }
}
