using System.Net;
using System.Net.Sockets;
using System.Text;
using Harmonia.Cache.Catalog;
using Harmonia.Tests.Cache.NarInfo;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Hosting;

public sealed class RouterTests
{
    private CacheInMemory _cache = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _cache = await CacheInMemory.StartAsync();
        _cache.Catalog.Add(SamplePaths.WithReference);
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _cache.DisposeAsync();

    [TearDown]
    public void MendCatalog() => (_cache.Catalog.State, _cache.Catalog.Failure) = (CatalogState.Ready, null);

    private static string NarInfoUrl => $"/{SamplePaths.WithReference.Path.Hash}.narinfo";

    [Test]
    public async Task Nix_cache_info_has_exactly_three_lines()
    {
        using HttpResponseMessage response = await _cache.GetAsync("/nix-cache-info");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(response.Content.Headers.ContentType?.ToString(), Is.EqualTo("text/x-nix-cache-info"));
        Assert.That(response.Headers.CacheControl, Is.Null);
        Assert.That(
            await response.Content.ReadAsStringAsync(), Is.EqualTo("StoreDir: /nix/store\nWantMassQuery: 1\nPriority: 30\n"));
    }

    [TestCase("/health", "OK\n")]
    [TestCase("/version", "harmonia-cache 0.1.0")]
    [TestCase("/nix-cache-info?hash=1&hash=2", "StoreDir: /nix/store\nWantMassQuery: 1\nPriority: 30\n")]
    public async Task What_needs_no_daemon_is_answered_without_it(string url, string body)
    {
        _cache.Catalog.Failure = new TimeoutException();
        _cache.Catalog.State = CatalogState.Unreachable;

        Assert.That(await _cache.Client.GetStringAsync(new Uri(url, UriKind.Relative)), Is.EqualTo(body));
    }

    [Test]
    public async Task The_cache_is_ready_when_the_catalog_is()
    {
        using HttpResponseMessage response = await _cache.GetAsync("/ready");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(response.Headers.CacheControl?.ToString(), Is.EqualTo("no-store"));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("ready\n"));
    }

    [Test]
    public async Task The_cache_is_not_ready_while_the_files_of_the_store_are_missing()
    {
        await using CacheInMemory cache = await CacheInMemory.StartAsync();
        Directory.Move(cache.RealStore, cache.RealStore + "-away");
        using (HttpResponseMessage response = await cache.GetAsync("/ready"))
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
            Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("not ready: the files of the store are not there\n"));
        }

        Assert.That((await cache.Log.WaitForAsync(114)).Message, Does.Contain(cache.RealStore));
        Directory.Move(cache.RealStore + "-away", cache.RealStore);
        Assert.That(await cache.Client.GetStringAsync(new Uri("/ready", UriKind.Relative)), Is.EqualTo("ready\n"));
        await cache.Log.WaitForAsync(115);
    }

    [TestCase(CatalogState.Unreachable, "cannot be reached")]
    [TestCase(CatalogState.Refusing, "refuses the user")]
    [TestCase(CatalogState.Silent, "in time")]
    [TestCase(CatalogState.OtherStoreDirectory, "another store directory")]
    [TestCase(CatalogState.Failing, "an error")]
    public async Task The_cache_is_not_ready_and_says_why_in_general_words(CatalogState state, string reason)
    {
        _cache.Catalog.State = state;

        using HttpResponseMessage response = await _cache.GetAsync("/ready");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(response.Headers.CacheControl?.ToString(), Is.EqualTo("no-store"));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.StartWith("not ready: the store daemon ").And.Contain(reason));
    }

    [TestCase("PUT", "/nix-cache-info")]
    [TestCase("POST", "/health")]
    [TestCase("DELETE", "/version")]
    [TestCase("OPTIONS", "/ready")]
    [TestCase("get", "/health")]
    [TestCase("PROPFIND", "/nix-cache-info")]
    public async Task Another_method_is_405_and_names_the_allowed_ones(string method, string path)
    {
        string response = await _cache.SendRawAsync($"{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        Assert.That(response, Does.StartWith("HTTP/1.1 405 ").And.Contain("\r\nAllow: GET, HEAD\r\n"));
        Assert.That(response, Does.Contain("\r\nCache-Control: no-store\r\n"));
    }

    [TestCase("/health/")]
    [TestCase("//health")]
    [TestCase("/x/../health")]
    [TestCase("/%2e%2e/health")]
    [TestCase("/metrics/..%2f")]
    [TestCase("/log%01")]
    [TestCase("http://localhost/unknown")]
    public async Task An_unknown_URL_is_404_for_every_method(string target)
    {
        foreach (string method in (string[])["GET", "PUT"])
        {
            string response = await _cache.SendRawAsync($"{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

            Assert.That(response, Does.StartWith("HTTP/1.1 404 ").And.EndsWith("\r\n\r\nNot Found"), method);
            Assert.That(response, Does.Contain("\r\nCache-Control: no-store\r\n"));
        }
    }

    [TestCase("http://localhost/health")]
    [TestCase("/%68ealth")]
    [TestCase("/health?")]
    public async Task A_URL_may_be_written_in_several_ways(string target)
    {
        string response = await _cache.SendRawAsync($"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        Assert.That(response, Does.StartWith("HTTP/1.1 200 ").And.EndsWith("\r\n\r\nOK\n"));
    }

    [TestCase("Content-Length: 5\r\n\r\nhello")]
    [TestCase("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")]
    public async Task A_body_is_not_taken_and_ends_the_connection(string headersAndBody)
    {
        string get = await _cache.SendRawAsync($"GET /health HTTP/1.1\r\nHost: x\r\n{headersAndBody}");
        string put = await _cache.SendRawAsync($"PUT /nix-cache-info HTTP/1.1\r\nHost: x\r\n{headersAndBody}");

        Assert.That(get, Does.StartWith("HTTP/1.1 413 ").And.Contain("\r\nConnection: close\r\n"));
        Assert.That(put, Does.StartWith("HTTP/1.1 405 ").And.Contain("\r\nConnection: close\r\n"));
    }

    [Test]
    public async Task A_client_that_waits_to_send_its_body_gets_the_answer_at_once()
    {
        string response = await _cache.SendRawAsync(
            "PUT /nix-cache-info HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\nExpect: 100-continue\r\n\r\n");

        Assert.That(response, Does.StartWith("HTTP/1.1 405 "));
    }

    [Test]
    public async Task An_empty_body_is_not_a_body()
    {
        string response = await _cache.SendRawAsync("GET /health HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

        Assert.That(response, Does.StartWith("HTTP/1.1 200 "));
    }

    [Test]
    public async Task Several_requests_share_a_connection_and_HEAD_leaves_no_bytes_behind()
    {
        string responses = await _cache.SendRawAsync(
            "HEAD /health HTTP/1.1\r\nHost: x\r\n\r\n" +
            $"HEAD {NarInfoUrl} HTTP/1.1\r\nHost: x\r\n\r\n" +
            "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        Assert.That(responses.Split("HTTP/1.1 200 OK\r\n"), Has.Length.EqualTo(4));
        Assert.That(responses, Does.Not.Contain("\r\n\r\nOK\nHTTP").And.EndsWith("\r\n\r\nOK\n"));
        Assert.That(responses, Does.Not.Contain("StorePath"));
    }

    [Test]
    public async Task No_header_names_the_server()
    {
        using HttpResponseMessage response = await _cache.GetAsync("/health");

        Assert.That(response.Headers.Server, Is.Empty);
        Assert.That(response.Headers.Date, Is.Not.Null);
    }

    [Test]
    public async Task A_head_that_is_too_long_is_refused()
    {
        string longLine = await _cache.SendRawAsync($"GET /{new string('a', 5000)} HTTP/1.1\r\nHost: x\r\n\r\n");
        string longHeader = await _cache.SendRawAsync($"GET /health HTTP/1.1\r\nHost: x\r\nX: {new string('a', 20_000)}\r\n\r\n");
        string manyHeaders = await _cache.SendRawAsync(
            $"GET /health HTTP/1.1\r\nHost: x\r\n{string.Concat(Enumerable.Range(0, 70).Select(n => $"X-{n}: 1\r\n"))}\r\n");

        Assert.That(longLine, Does.StartWith("HTTP/1.1 414 "));
        Assert.That(longHeader, Does.StartWith("HTTP/1.1 431 "));
        Assert.That(manyHeaders, Does.StartWith("HTTP/1.1 431 "));
    }

    [Test]
    public async Task Each_request_is_logged_at_debug()
    {
        await _cache.GetAsync("/version?seen");

        CapturedLogEntry entry;
        do
            entry = await _cache.Log.WaitForAsync(120);
        while (!entry.Message.Contains("/version?seen", StringComparison.Ordinal));
        Assert.That(entry.Message, Does.StartWith("GET /version?seen 200 "));
    }

    [Test]
    public async Task A_client_that_sends_garbage_does_not_affect_other_clients()
    {
        await using (NetworkStream stream = await _cache.ConnectAsync())
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes("\u0016\u0003\u0001\u0000nonsense\r\n\r\n"));
            Assert.That(await new StreamReader(stream).ReadToEndAsync(), Is.Empty.Or.StartsWith("HTTP/1.1 400 "));
        }

        using HttpResponseMessage response = await _cache.GetAsync("/health");
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }
}
