using Harmonia.Protocol.Store;
using Harmonia.Tests.Cache.Metrics;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Native;

/// <summary>The native harmonia-cache of ./publish.sh does each kind of work once. Other tests check the details.</summary>
[Category("Nix")]
public sealed class NativeCacheTests
{
    private NativePair _pair = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _pair = await NativePair.StartAsync("""
        enable_compression = true
        log_format = "json"
        """);

    [OneTimeTearDown]
    public async Task StopAsync() => await _pair.DisposeAsync();

    [Test]
    public async Task The_narinfo_is_signed_with_the_key_of_the_cache()
    {
        string[] lines = await _pair.NarInfoAsync();

        Assert.That(lines, Does.Contain($"StorePath: {_pair.Top}"));
        Assert.That(lines, Has.Some.StartsWith("Sig: cache.example.org-1:"));
        CommandResult verified = await Command.TryRunAsync(
            _pair.Store.Release.Program("nix"),
            ["store", "verify", "--store", _pair.Cache.Url.ToString(), "--trusted-public-keys", _pair.Cache.PublicKey, _pair.Top],
            _pair.Store.Environment);
        Assert.That(verified.ExitCode, Is.Zero, verified.Errors);
    }

    [Test]
    public async Task The_NAR_is_that_of_Nix_in_each_coding()
    {
        string url = Url(await _pair.NarInfoAsync());
        byte[] expected = (await Command.RunAsync(
            _pair.Store.Release.Program("nix-store"), ["--dump", _pair.Store.RealStoreDirectory + _pair.Top["/nix/store".Length..]])).Output;

        foreach (string coding in (string[])["identity", "zstd", "br", "gzip"])
        {
            byte[] body = (await _pair.FetchAsync(url, "--header", $"Accept-Encoding: {coding}")).Output;
            if (coding == "zstd")
                Assert.That(body, Has.Length.LessThan(expected.Length));
            byte[] decoded = coding == "zstd" ? await Decoding.UndoAsync(coding, body) : (await _pair.FetchAsync(url, "--compressed")).Output;
            Assert.That(decoded.AsSpan().SequenceEqual(expected), coding);
        }
    }

    [Test]
    public async Task Listing_build_log_and_pages_are_served()
    {
        string hash = Path.GetFileName(_pair.Top)[..32];

        Assert.That((await _pair.FetchAsync($"{hash}.ls")).Text, Does.Contain("\"numbers\":{"));
        Assert.That((await _pair.FetchAsync($"log/{Path.GetFileName(_pair.Derivation)}")).Text, Is.EqualTo("said while building\n"));
        Assert.That((await _pair.FetchAsync($"serve/{hash}/numbers")).Text, Does.EndWith("\n20000\n"));
        Assert.That((await _pair.FetchAsync("", "--compressed")).Text, Does.Contain("</html>"));
        Assert.That((await _pair.FetchAsync("version")).Text, Does.Contain("harmonia"));
    }

    [Test]
    public async Task Requests_are_counted_in_metrics_that_promtool_accepts()
    {
        await _pair.NarInfoAsync();

        byte[] metrics = (await _pair.FetchAsync("metrics")).Output;

        CommandResult check = await Command.TryRunAsync("promtool", ["check", "metrics"], input: metrics);
        Assert.That((check.ExitCode, check.Errors + check.Text), Is.EqualTo((0, "")));
        string text = System.Text.Encoding.UTF8.GetString(metrics);
        Assert.That(
            MetricSample.ValueOf(text, "harmonia_http_requests_total", "method=\"GET\",path=\"/{hash}.narinfo\",status=\"200\""), Is.GreaterThan(0));
        Assert.That(
            MetricSample.ValueOf(text, "harmonia_daemon_operations_total", "operation=\"QueryPathInfosByHashPart\",status=\"success\""),
            Is.GreaterThan(0));
    }

    [Test]
    public async Task SIGHUP_has_it_sign_with_another_key()
    {
        await using NativePair pair = await NativePair.StartAsync();
        using SecretKey key = SecretKey.Generate("next.example.org-1");
        await File.WriteAllBytesAsync(pair.Cache.KeyFile, key.Export());

        await Command.RunAsync("kill", ["-HUP", $"{pair.Cache.Program.ProcessId}"]);

        await Patience.UntilAsync(() => pair.Cache.Program.Log.Contains("Reloaded; signing with next.example.org-1", StringComparison.Ordinal));
        Assert.That(await pair.NarInfoAsync(), Has.Some.StartsWith("Sig: next.example.org-1:"));
    }

    [Test]
    public async Task No_code_is_generated_at_run_time()
    {
        await _pair.NarInfoAsync();

        foreach (int process in (int[])[_pair.Cache.Program.ProcessId, _pair.Daemon.Program.ProcessId])
        {
            string maps = await File.ReadAllTextAsync($"/proc/{process}/maps");
            Assert.That(maps, Does.Contain("/harmonia-").And.Not.Contain("libcoreclr").And.Not.Contain(" rwxp "));
        }
    }

    [Test]
    public async Task A_mistake_in_the_configuration_is_named_with_its_place()
    {
        using TemporaryDirectory directory = new();
        await File.WriteAllTextAsync(directory["c.toml"], "priority = 1\nbnid = \"[::]:1\"\n");
        string program = HarmoniaProgram.PublishedPath("harmonia-cache");

        CommandResult result = await Command.TryRunAsync(program, ["--config", directory["c.toml"], "--check-config"]);
        CommandResult printed = await Command.RunAsync(program, ["--print-config"], new Dictionary<string, string?> { ["CONFIG_FILE"] = null });

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Errors, Is.EqualTo($"{directory["c.toml"]}:2:1: bnid: unknown key; did you mean 'bind'?\n"));
        Assert.That(printed.Text, Does.Contain("priority = "));
    }

    [Test]
    public async Task Keys_and_passwords_are_made()
    {
        using TemporaryDirectory directory = new();
        string program = HarmoniaProgram.PublishedPath("harmonia-cache");

        await Command.RunAsync(program, ["generate-key", "made-1", directory["secret"], directory["public"]]);
        CommandResult hashed = await Command.RunAsync(program, ["hash-password", "reader"], input: "secret\n"u8.ToArray());

        Assert.That(File.ReadAllText(directory["public"]), Does.StartWith("made-1:"));
        Assert.That(hashed.Text, Does.StartWith("reader"));
    }

    private static string Url(string[] narInfo) => narInfo.Single(line => line.StartsWith("URL: ", StringComparison.Ordinal))[5..];
}
