using Harmonia.Protocol.Store;
using Harmonia.Tests.Cache.NarCache;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

/// <summary>Real clients and a cache that stores its NARs compressed.</summary>
[Category("Nix")]
public sealed class StoredNarTests
{
    private readonly TemporaryDirectory _directory = new();
    private RealNixStore _store = null!;
    private HarmoniaDaemon _daemon = null!;
    private HarmoniaCache _cache = null!;
    private string[] _built = null!;

    // A text of 60 MB, thus of four frames; a small tree that refers to it; what does not compress.
    private string Large => _built[0];

    private string Top => _built[1];

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _store = await RealNixStore.CreateAsync(NixRelease.Forky, RealNixStoreLayout.Chroot);
        _built = await _store.BuildAsync("""
            let
              build = name: script: derivation {
                inherit name;
                system = builtins.currentSystem;
                builder = "/bin/sh";
                args = [ "-c" "PATH=/usr/bin:/bin; ${script}" ];
              };
              large = build "large" "seq 100000000 106666666 > $out";
              random = build "random" "head -c 2000000 /dev/urandom > $out";
            in [ large (build "top" "mkdir $out; echo ${large} ${random} > $out/references; ln -s references $out/link") ]
            """);
        _daemon = await HarmoniaDaemon.StartAsync(_store);
        _cache = await StartCacheAsync();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _cache.DisposeAsync();
        await _daemon.DisposeAsync();
        _store.Dispose();
        _directory.Dispose();
    }

    [TestCaseSource(typeof(NixRelease), nameof(NixRelease.All))]
    public async Task A_closure_is_copied_before_and_after_it_is_stored_and_every_signature_verified(NixRelease release)
    {
        foreach (string time in (string[])["first", "second"])
        {
            using RealNixStore destination = await RealNixStore.CreateAsync(release, RealNixStoreLayout.Chroot);

            CommandResult copied = await CopyAsync(release, destination, _cache.Url, Top);

            Assert.That(copied.ExitCode, Is.Zero, $"{time}: {copied.Errors}");
            await AssertGoodAsync(release, destination);
        }
    }

    [TestCaseSource(typeof(NixRelease), nameof(NixRelease.All))]
    public async Task The_size_of_the_download_is_that_of_the_file(NixRelease release)
    {
        using RealNixStore destination = await RealNixStore.CreateAsync(release, RealNixStoreLayout.Chroot);
        byte[] body = await DownloadAsync(Large);
        await Patience.UntilAsync(() => Directory.GetFiles(_directory["nars"]).Any(file => new FileInfo(file).Length == body.Length));

        string narInfo = (await Command.RunAsync("curl", ["--silent", "--fail", $"{_cache.Url}{HashOf(Large)}.narinfo"])).Text;
        CommandResult json = await Command.RunAsync(
            release.Program("nix"),
            ["path-info", "--extra-experimental-features", "nix-command", "--store", _cache.Url.ToString(), "--json", Large],
            destination.Environment);

        Assert.That(narInfo, Does.Contain($"\nFileHash: {NarHash.Of(body).ToPrefixedBase32()}\nFileSize: {body.Length}\n"));
        Assert.That(json.Text, Does.Contain($"\"downloadSize\":{body.Length}"));
        Assert.That(json.Text, Does.Contain(NarHash.Of(body).ToSri()).Or.Contain(NarHash.Of(body).ToPrefixedBase32()));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_download_that_is_cut_at_random_goes_on_where_it_stopped(bool isStored)
    {
        await RestartAsync(isEmptied: !isStored);
        if (isStored)
            await DownloadAsync(Large);
        using RealNixStore destination = await RealNixStore.CreateAsync(NixRelease.Forky, RealNixStoreLayout.Chroot);
        Random random = new(8);
        await using CuttingProxy proxy = CuttingProxy.Start(_cache.Url.Port, [.. Enumerable.Range(0, 3).Select(_ => random.Next(20_000, 200_000))]);

        CommandResult copied = await CopyAsync(NixRelease.Forky, destination, proxy.Url, Large);

        Assert.That(copied.ExitCode, Is.Zero, copied.Errors);
        Assert.That(proxy.Connections, Is.EqualTo(4));
        Assert.That(await MetricsAsync(), Does.Match("""harmonia_http_requests_total\{method="GET",path="[^"]*\.nar\.zst",status="206"\} 3\n"""));
        await AssertGoodAsync(NixRelease.Forky, destination);
    }

    [Test]
    public async Task A_crash_while_compressing_leaves_nothing_and_the_same_bytes_come_after_it()
    {
        await RestartAsync(isEmptied: true);
        byte[] expected = await DownloadAsync(Large);
        await RestartAsync(isEmptied: true);
        Task<CommandResult> download = Command.TryRunAsync("curl", ["--silent", "--fail", ZstdUrl(Large), "--limit-rate", "1M"]);
        await Patience.UntilAsync(() => Directory.GetFiles(_directory["nars"], "*.tmp").Length > 0);

        await _cache.Program.KillAsync();
        CommandResult cut = await download;
        string[] left = Directory.GetFiles(_directory["nars"], "*.tmp");
        await RestartAsync(isEmptied: false);

        Assert.That(cut.ExitCode, Is.Not.Zero);
        Assert.That(left, Is.Not.Empty);
        Assert.That(Directory.GetFiles(_directory["nars"], "*.tmp"), Is.Empty);
        Assert.That((await DownloadAsync(Large)).AsSpan().SequenceEqual(expected));
        Assert.That(NarHash.Of(await NarCacheFixture.UnpackAsync(expected)), Is.EqualTo(await NarHashAsync(Large)));
    }

    [Test]
    public async Task A_directory_that_another_cache_has_stops_the_start() => Assert.That(
            async () => await StartCacheAsync(),
            Throws.InstanceOf<Exception>().With.Message.Contains("nar_cache.directory"));

    private Task<HarmoniaCache> StartCacheAsync() =>
        HarmoniaCache.StartAsync(_store, _daemon.SocketPath, $"[nar_cache]\ndirectory = \"{_directory["nars"]}\"");

    private async Task RestartAsync(bool isEmptied)
    {
        await _cache.DisposeAsync();
        if (isEmptied)
            Directory.Delete(_directory["nars"], recursive: true);
        _cache = await StartCacheAsync();
    }

    private async Task AssertGoodAsync(NixRelease release, RealNixStore destination)
    {
        CommandResult verified = await Command.RunAsync(
            release.Program("nix-store"), ["--verify", "--check-contents"], destination.Environment);
        Assert.That(verified.Errors, Does.Not.Contain("error").And.Not.Contain("modified"));
        Assert.That(await destination.QueryAllAsync(), Does.Contain(Large));
    }

    private async Task<string> MetricsAsync() => (await Command.RunAsync("curl", ["--silent", "--fail", $"{_cache.Url}metrics"])).Text;

    private static string HashOf(string path) => Path.GetFileName(path)[..StorePathHash.Length];

    private async Task<NarHash> NarHashAsync(string path) =>
        NarHash.Parse((await _store.RunAsync("nix-store", "--query", "--hash", path)).Single());

    private string ZstdUrl(string path) => $"{_cache.Url}nar/{HashOf(path)}-{NarHashAsync(path).GetAwaiter().GetResult().ToBase32()}.nar.zst";

    private async Task<byte[]> DownloadAsync(string path) => (await Command.RunAsync("curl", ["--silent", "--fail", ZstdUrl(path)])).Output;

    private Task<CommandResult> CopyAsync(NixRelease release, RealNixStore destination, Uri from, string path) =>
        Command.TryRunAsync(
            release.Program("nix"),
            [
                "copy", "--extra-experimental-features", "nix-command", "--from", from.ToString(),
                "--option", "trusted-public-keys", _cache.PublicKey, "--option", "require-sigs", "true", path,
            ],
            destination.Environment);
}
