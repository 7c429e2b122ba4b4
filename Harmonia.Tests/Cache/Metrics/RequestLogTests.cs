using System.Net;
using Harmonia.Cache.Configuration;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Metrics;

/// <summary>Request ids, the access log, and log messages about failed requests.</summary>
public sealed class RequestLogTests
{
    private const string Header = "X-Request-Id";

    private CacheInMemory _cache = null!;

    [SetUp]
    public async Task StartAsync() =>
        _cache = await CacheInMemory.StartAsync(new CacheOptions
        {
            AccessLog = true,
            LogLevel = LogLevel.Debug,
            TrustedProxies = [IPNetwork.Parse("127.0.0.0/8")],
        });

    [TearDown]
    public async Task StopAsync() => await _cache.DisposeAsync();

    [TestCase("a")]
    [TestCase("3f0c9c1e-4b5d-4f27-9b0a-0123456789ab")]
    public async Task A_sane_request_id_is_taken_over(string id)
    {
        using HttpResponseMessage response = await _cache.GetAsync("/health", (Header, id));

        Assert.That(IdOf(response), Is.EqualTo(id));
    }

    [TestCase("with blank")]
    [TestCase("")]
    [TestCase("a\tb")]
    public async Task Any_other_is_replaced(string id)
    {
        string response = await _cache.SendRawAsync($"GET /health HTTP/1.1\r\nHost: x\r\n{Header}: {id}\r\nConnection: close\r\n\r\n");

        Assert.That(response, Does.Match($"{Header}: [!-~]+\r\n").And.Not.Contain($"{Header}: {id}\r\n"));
    }

    [Test]
    public async Task One_that_is_too_long_is_replaced()
    {
        string id = new('a', 65);
        using HttpResponseMessage response = await _cache.GetAsync("/health", (Header, id));

        Assert.That(IdOf(response), Has.Length.LessThan(65));
    }

    [Test]
    public async Task Each_request_has_an_id_of_its_own()
    {
        List<string> ids = new();
        for (int request = 0; request < 5; request++)
        {
            using HttpResponseMessage response = await _cache.GetAsync("/unknown");
            ids.Add(IdOf(response));
        }

        Assert.That(ids, Is.Unique);
    }

    [Test]
    public async Task A_failure_is_logged_with_the_id_that_the_client_got_and_the_client_gets_nothing_else()
    {
        _cache.Catalog.Failure = new InvalidOperationException("/secret/path");
        using HttpResponseMessage response = await _cache.GetAsync($"/{new string('1', 32)}.narinfo");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("Internal Server Error"));
        CapturedLogEntry entry = await _cache.Log.WaitForAsync(123);
        Assert.That(entry.Message, Does.EndWith($"[{IdOf(response)}]"));
        Assert.That(entry.Exception?.Message, Is.EqualTo("/secret/path"));
    }

    [Test]
    public async Task The_access_log_names_client_status_bytes_and_id()
    {
        (await _cache.GetAsync("/version?x", (Header, "id-1"), ("X-Forwarded-For", "198.51.100.7"))).Dispose();

        CapturedLogEntry entry = await _cache.Log.WaitForAsync(120);
        Assert.That(entry.Level, Is.EqualTo(LogLevel.Information));
        Assert.That(entry.Message, Does.Match(@"^GET /version\?x 200 20 bytes [0-9.]+ ms 198\.51\.100\.7 \[id-1\]$"));
    }

    [Test]
    public async Task The_log_says_why_a_NAR_is_not_there()
    {
        ValidPathInfo path = _cache.AddFile("gone", [1, 2, 3]);
        string url = CacheInMemory.NarUrl(path);
        string otherHash = new('0', 52);
        (await _cache.GetAsync($"/nar/{path.Path.Hash}-{otherHash}.nar", (Header, "mismatch"))).Dispose();
        (await _cache.GetAsync($"/nar/{new string('z', 32)}-{otherHash}.nar", (Header, "unknown"))).Dispose();
        File.Delete(_cache.FileOf(path.Path));
        using HttpResponseMessage gone = await _cache.GetAsync(url, (Header, "missing"));

        Assert.That(gone.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await MessageOfAsync(134), Does.Contain(path.Path.BaseName).And.Contain(otherHash).And.Contain("[mismatch]"));
        Assert.That(await MessageOfAsync(133), Does.Contain("no valid path has this hash").And.Contain("[unknown]"));
        Assert.That(await MessageOfAsync(132), Does.Contain(path.Path.BaseName).And.Contain("[missing]"));
    }

    [TestCase("/{0}.narinfo")]
    [TestCase("/{0}.ls")]
    [TestCase("/serve/{0}/")]
    [TestCase("/serve/{0}/file")]
    public async Task The_log_says_that_a_hash_is_unknown(string url)
    {
        string target = url.Replace("{0}", new string('z', 32), StringComparison.Ordinal);
        (await _cache.GetAsync(target, (Header, "id"))).Dispose();

        CapturedLogEntry entry = await _cache.Log.WaitForAsync(133);
        Assert.That(entry.Level, Is.EqualTo(LogLevel.Debug));
        Assert.That(entry.Message, Is.EqualTo($"{target}: 404: no valid path has this hash [id]"));
    }

    [TestCase("/{0}.ls")]
    [TestCase("/serve/{0}/")]
    public async Task The_log_says_that_the_files_of_a_path_are_missing(string url)
    {
        ValidPathInfo path = _cache.AddFile("gone", [1, 2, 3]);
        File.Delete(_cache.FileOf(path.Path));
        using HttpResponseMessage response = await _cache.GetAsync(
            url.Replace("{0}", path.Path.Hash.ToString(), StringComparison.Ordinal), (Header, "id"));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        CapturedLogEntry entry = await _cache.Log.WaitForAsync(132);
        Assert.That(entry.Level, Is.EqualTo(LogLevel.Error));
        Assert.That(entry.Message, Does.StartWith($"{path.Path.BaseName}: not served: ").And.EndsWith(" [id]"));
    }

    private static string IdOf(HttpResponseMessage response) => response.Headers.GetValues(Header).Single();

    private async Task<string> MessageOfAsync(int eventId) => (await _cache.Log.WaitForAsync(eventId)).Message;
}
