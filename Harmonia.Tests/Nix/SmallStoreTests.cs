using System.Text.Json;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

/// <summary>The real program with a store behind a symbolic link and with two keys. curl and Nix send requests.</summary>
[Category("Nix")]
public sealed class SmallStoreTests
{
    private SmallStore _store = null!;
    private CacheProcess _cache = null!;
    private string[] _keys = null!;

    private string Url => $"http://127.0.0.1:{_cache.Port}";

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _store = await SmallStore.StartAsync();
        _keys = [_store.MakeKey("cache.example.com-1"), _store.MakeKey("cache.example.com-2")];
        _cache = await _store.ServeAsync(
            $"sign_key_paths = [\"{_store.Directory["cache.example.com-1"]}\", \"{_store.Directory["cache.example.com-2"]}\"]");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_cache is not null)
            await _cache.DisposeAsync();
        if (_store is not null)
            await _store.DisposeAsync();
    }

    [Test]
    public async Task Files_behind_a_symbolic_link_are_served_under_the_name_of_the_store()
    {
        string hash = SmallStore.HashOf(_store.Tree);

        Assert.That(await CurlAsync("/version"), Does.StartWith("harmonia-cache "));
        Assert.That(await CurlAsync("/nix-cache-info"), Does.StartWith("StoreDir: /nix/store\n"));
        Assert.That(await CurlAsync($"/{hash}.narinfo"), Does.StartWith($"StorePath: {_store.Tree}\n"));
        using JsonDocument listing = JsonDocument.Parse(await CurlAsync($"/{hash}.ls"));
        Assert.That(listing.RootElement.GetProperty("version").GetInt32(), Is.EqualTo(1));
        Assert.That(
            listing.RootElement.GetProperty("root").GetProperty("entries").GetProperty("my-file").GetProperty("type").GetString(),
            Is.EqualTo("regular"));
        Assert.That(await CurlAsync($"/serve/{hash}/"), Does.Contain("my-file"));
        Assert.That(await CurlAsync($"/serve/{hash}/my-file"), Is.EqualTo("Hello, world\n"));
        Assert.That(await CurlAsync($"/serve/{hash}/my-file", "--head"), Does.Match("(?i)content-length: 13\r\n"));
    }

    [Test]
    public async Task Nix_copies_with_either_of_both_keys([ValueSource(typeof(NixRelease), nameof(NixRelease.All))] NixRelease release, [Values(0, 1)] int key)
    {
        using RealNixStore destination = await RealNixStore.CreateAsync(release, RealNixStoreLayout.Chroot);

        CommandResult copied = await CopyAsync(release, destination, Url, _keys[key], _store.Built[1]);

        Assert.That(copied.ExitCode, Is.Zero, copied.Errors);
        Assert.That(await destination.QueryAllAsync(), Is.EquivalentTo(_store.Built));
    }

    [TestCaseSource(typeof(NixRelease), nameof(NixRelease.All))]
    public async Task The_command_on_the_page_of_a_path_copies_it(NixRelease release)
    {
        using RealNixStore destination = await RealNixStore.CreateAsync(release, RealNixStoreLayout.Chroot);
        string page = PageText.Of(await CurlAsync($"/path/{SmallStore.HashOf(_store.Built[1])}", "--fail"));
        string command = page.Split('\n').Single(line => line.StartsWith("nix copy ", StringComparison.Ordinal));

        CommandResult copied = await Command.TryRunAsync(
            "bash", ["-c", $"nix() {{ {release.Program("nix")} --extra-experimental-features nix-command --option require-sigs true \"$@\"; }}; {command}"],
            destination.Environment);

        Assert.That(copied.ExitCode, Is.Zero, copied.Errors);
        Assert.That(await destination.QueryAllAsync(), Is.EquivalentTo(_store.Built));
    }

    [TestCaseSource(typeof(NixRelease), nameof(NixRelease.All))]
    public async Task Nix_resumes_a_download_that_is_cut_again_and_again(NixRelease release)
    {
        await using CuttingProxy proxy = CuttingProxy.Start(_cache.Port, 30 * 1024);
        using RealNixStore destination = await RealNixStore.CreateAsync(release, RealNixStoreLayout.Chroot);

        CommandResult copied = await CopyAsync(release, destination, proxy.Url.ToString(), _keys[0], _store.RandomFile);

        Assert.That(copied.ExitCode, Is.Zero, copied.Errors);
        Assert.That(proxy.Connections, Is.GreaterThanOrEqualTo(2));
        Assert.That(
            File.ReadAllBytes(destination.RealStoreDirectory + _store.RandomFile["/nix/store".Length..]),
            Is.EqualTo(File.ReadAllBytes(_store.Directory["random"])));
    }

    [Test]
    public async Task Curl_resumes_a_download_where_it_was_cut()
    {
        string narInfo = await CurlAsync($"/{SmallStore.HashOf(_store.RandomFile)}.narinfo");
        string nar = narInfo.Split('\n').Single(line => line.StartsWith("URL: ", StringComparison.Ordinal))[5..];
        string file = _store.Directory["cut.nar"];
        await using CuttingProxy proxy = CuttingProxy.Start(_cache.Port, 30 * 1024);

        CommandResult cut = await Command.TryRunAsync("curl", ["--silent", "--fail", "--output", file, $"{proxy.Url}{nar}"]);
        long length = new FileInfo(file).Length;
        CommandResult resumed = await Command.TryRunAsync(
            "curl", ["--silent", "--fail", "--continue-at", "-", "--output", file, "--write-out", "%{http_code} %{size_download}", $"{proxy.Url}{nar}"]);

        byte[] whole = (await Command.RunAsync(
            NixRelease.Forky.Program("nix-store"), ["--dump", _store.Directory["random"]])).Output;
        Assert.That(cut.ExitCode, Is.EqualTo(18), "A partial file.");
        Assert.That(length, Is.GreaterThan(0).And.LessThan(whole.Length));
        Assert.That(resumed.Text, Is.EqualTo($"206 {whole.Length - length}"));
        Assert.That(File.ReadAllBytes(file), Is.EqualTo(whole));
    }

    [TestCase("all", new[] { "cache.example.com-1", "harmonia-tests-1" }, new[] { "cache.example.com-1" })]
    [TestCase("ultimate", new[] { "cache.example.com-1", "harmonia-tests-1" }, new string[0])]
    [TestCase("none", new[] { "harmonia-tests-1" }, new string[0])]
    public async Task What_is_signed_is_what_was_chosen(string policy, string[] ofBuilt, string[] ofAdded)
    {
        await using CacheProcess cache = await _store.ServeAsync(
            $"sign_key_paths = [\"{_store.Directory["cache.example.com-1"]}\"]\nsign = \"{policy}\"");

        Assert.That(await SignersAsync(cache, _store.Built[1]), Is.EquivalentTo(ofBuilt));
        Assert.That(await SignersAsync(cache, _store.Tree), Is.EquivalentTo(ofAdded));
    }

    private async Task<string> CurlAsync(string path, params string[] arguments) =>
        (await Command.RunAsync("curl", ["--silent", "--fail", .. arguments, $"{Url}{path}"])).Text;

    private static async Task<IEnumerable<string>> SignersAsync(CacheProcess cache, string path)
    {
        CommandResult narInfo = await Command.RunAsync(
            "curl", ["--silent", "--fail", $"http://127.0.0.1:{cache.Port}/{SmallStore.HashOf(path)}.narinfo"]);
        return narInfo.Text.Split('\n').Where(line => line.StartsWith("Sig: ", StringComparison.Ordinal)).Select(line => line[5..].Split(':')[0]);
    }

    private static Task<CommandResult> CopyAsync(NixRelease release, RealNixStore destination, string url, string key, string path) =>
        Command.TryRunAsync(
            release.Program("nix"),
            [
                "copy", "--extra-experimental-features", "nix-command", "--from", url, "--option", "download-attempts", "10",
                "--option", "trusted-public-keys", key, "--option", "require-sigs", "true", path,
            ],
            destination.Environment);
}
