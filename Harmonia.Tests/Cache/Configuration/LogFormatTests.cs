using System.Text.Json;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Configuration;

/// <summary>What the real program writes to standard error.</summary>
public sealed class LogFormatTests
{
    private TemporaryDirectory _directory = null!;

    [SetUp]
    public void MakeDirectory() => _directory = new TemporaryDirectory();

    [TearDown]
    public void RemoveDirectory() => _directory.Dispose();

    [Test]
    public async Task Every_line_for_journald_begins_with_its_priority()
    {
        string[] lines = await LinesAsync("journald");

        Assert.That(lines, Has.All.Match("^<[3467]>Harmonia\\.Cache"));
        Assert.That(lines, Has.One.StartsWith("<6>").And.Contains("[120] GET /version 200"));
        Assert.That(lines, Has.Some.StartsWith("<4>").And.Contains("[110] The daemon is unavailable"));
    }

    [Test]
    public async Task Every_line_of_JSON_is_an_object_with_what_the_message_names()
    {
        string[] lines = await LinesAsync("json");

        JsonElement[] messages = [.. lines.Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.That(messages, Has.All.Matches<JsonElement>(message =>
            message.GetProperty("Timestamp").GetDateTime().Kind == DateTimeKind.Utc));

        JsonElement refused = messages.First(message => message.GetProperty("EventId").GetInt32() == 110);
        Assert.That(refused.GetProperty("LogLevel").GetString(), Is.EqualTo("Warning"));
        // The fixture asks for /health until the program answers, so other requests are logged before this one.
        JsonElement answered = messages.Single(message => message.GetProperty("EventId").GetInt32() == 120
            && message.GetProperty("State").GetProperty("Target").GetString() == "/version");
        Assert.That(answered.GetProperty("LogLevel").GetString(), Is.EqualTo("Information"));
        Assert.That(answered.GetProperty("Category").GetString(), Is.EqualTo("Harmonia.Cache.Access"));
        JsonElement state = answered.GetProperty("State");
        Assert.That(state.GetProperty("Status").GetInt32(), Is.EqualTo(200));
        Assert.That(state.GetProperty("RequestId").GetString(), Is.EqualTo("id-1"));
    }

    [TestCase(false, "info", false)]
    [TestCase(false, "info,actix_web=debug", true)]
    [TestCase(true, "info", true)]
    [TestCase(true, "info,actix_web::middleware=error", false)]
    [TestCase(true, "info,actix_web::middleware::logger=error", false)]
    public async Task RUST_LOG_turns_the_log_of_requests_on_and_off(bool accessLog, string directives, bool logged)
    {
        await using CacheProcess cache = await CacheProcess.StartAsync(
            _directory, $"access_log = {(accessLog ? "true" : "false")}", [], new Dictionary<string, string?> { ["RUST_LOG"] = directives });
        await Command.RunAsync("curl", ["--silent", "--fail", $"http://127.0.0.1:{cache.Port}/version"]);
        await cache.LogsAsync("The daemon is unavailable");
        // What it has logged is written before it ends.
        await cache.Program.TerminateAsync();

        Assert.That(cache.Program.Log.Contains("GET /version 200", StringComparison.Ordinal), Is.EqualTo(logged));
    }

    private async Task<string[]> LinesAsync(string format)
    {
        await using CacheProcess cache = await CacheProcess.StartAsync(_directory, $"log_format = \"{format}\"\naccess_log = true", []);
        await Command.RunAsync("curl", ["--silent", "--fail", "--header", "X-Request-Id: id-1", $"http://127.0.0.1:{cache.Port}/version"]);
        await cache.LogsAsync("/version");
        await cache.LogsAsync("The daemon is unavailable");
        await cache.Program.TerminateAsync();
        return cache.Program.Log.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
