using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Http;

/// <summary>A private cache as its user makes one: lines from hash-password, the real program, curl.</summary>
public sealed class CredentialsFileTests
{
    private const string Token = "0123456789abcdef0123456789abcdef";
    private const string Password = "correct horse";

    private TemporaryDirectory _directory = null!;
    private CacheProcess _cache = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _directory = new TemporaryDirectory();
        await File.WriteAllTextAsync(
            _directory["credentials"], await HashAsync(Password, "alice") + await HashAsync(Token, "--token", "ci"));
        await File.WriteAllTextAsync(_directory["netrc"], $"machine 127.0.0.1 login alice password \"{Password}\"\n");
        _cache = await CacheProcess.StartAsync(
            _directory, $"credentials_path = \"{_directory["credentials"]}\"\naccess_log = true\nlog_level = \"debug\"", []);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_cache is not null)
            await _cache.DisposeAsync();
        _directory.Dispose();
    }

    [Test]
    public async Task Who_shows_nothing_or_something_wrong_hears_how_to_ask()
    {
        foreach (string[] arguments in (string[][])[
            [], ["--header", "Authorization: Bearer 0123456789abcdef0123456789abcdeX"], ["--user", "alice:wrong"],
            ["--user", $"ci:{Token}"], ["--header", $"Authorization: Bearer {Password}"]])
        {
            string answer = await CurlAsync("/nix-cache-info", ["--include", .. arguments]);

            Assert.That(answer, Does.StartWith("HTTP/1.1 401 "), string.Join(' ', arguments));
            Assert.That(answer, Does.Contain("WWW-Authenticate: Basic ").And.Contain("WWW-Authenticate: Bearer "));
            Assert.That(answer, Does.EndWith("\r\n\r\nUnauthorized"));
        }
    }

    [Test]
    public async Task A_token_a_login_and_a_netrc_file_are_let_in()
    {
        foreach (string[] arguments in (string[][])[
            ["--header", $"Authorization: Bearer {Token}"], ["--user", $"alice:{Password}"], ["--netrc-file", _directory["netrc"]]])
        {
            Assert.That(await CurlAsync("/nix-cache-info", arguments), Does.StartWith("StoreDir: "), arguments[0]);
        }

        Assert.That(await CurlAsync("/health"), Is.EqualTo("OK\n"), "It is open to all.");
    }

    [Test]
    public async Task No_secret_is_in_the_log_or_the_printed_configuration()
    {
        await CurlAsync("/version", "--header", $"Authorization: Bearer {Token}");
        await CurlAsync("/version", "--user", $"alice:{Password}");
        await _cache.LogsAsync("GET /version 200");
        CommandResult printed = await Command.RunAsync(
            HarmoniaProgram.Path("harmonia-cache"), ["--config", _directory["harmonia.toml"], "--print-config"]);

        foreach (string text in (string[])[_cache.Program.Log, printed.Text])
            Assert.That(text, Does.Not.Contain(Token).And.Not.Contain(Password).And.Not.Contain("$pbkdf2").And.Not.Contain("$token"));
    }

    [Test]
    public async Task Credentials_are_replaced_by_a_reload()
    {
        using TemporaryDirectory directory = new();
        string file = directory["credentials"];
        await File.WriteAllTextAsync(file, await HashAsync("before", "alice"));
        await using CacheProcess cache = await CacheProcess.StartAsync(directory, $"credentials_path = \"{file}\"", []);
        Assert.That(await StatusAsync(cache, "before"), Is.EqualTo("200"));

        await File.WriteAllTextAsync(file, await HashAsync("after", "alice"));
        await cache.SendSighupAsync();
        await cache.LogsAsync("] Reloaded;");

        Assert.That(await StatusAsync(cache, "after"), Is.EqualTo("200"));
        Assert.That(await StatusAsync(cache, "before"), Is.EqualTo("401"), "Also what was remembered is forgotten.");
    }

    private static async Task<string> StatusAsync(CacheProcess cache, string password) => (await Command.RunAsync(
        "curl",
        [
            "--silent", "--output", "/dev/null", "--write-out", "%{http_code}", "--user", $"alice:{password}",
            $"http://127.0.0.1:{cache.Port}/version",
        ])).Text;

    private static async Task<string> HashAsync(string secret, params string[] arguments) => (await Command.RunAsync(
        HarmoniaProgram.Path("harmonia-cache"), ["hash-password", .. arguments], input: System.Text.Encoding.UTF8.GetBytes(secret + "\n"))).Text;

    private async Task<string> CurlAsync(string path, params string[] arguments) =>
        (await Command.RunAsync("curl", ["--silent", .. arguments, $"http://127.0.0.1:{_cache.Port}{path}"])).Text;
}
