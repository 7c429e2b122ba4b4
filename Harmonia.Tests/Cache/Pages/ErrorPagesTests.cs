using System.Net;
using Harmonia.Cache.Configuration;
using Harmonia.Cache.Http;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Pages;

public sealed class ErrorPagesTests
{
    private const string Browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";

    private static readonly string Missing = new('z', StorePathHash.Length);

    private CacheInMemory _cache = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _cache = await CacheInMemory.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _cache.DisposeAsync();

    [TearDown]
    public void MendCatalog() => _cache.Catalog.Failure = null;

    private static IEnumerable<TestCaseData> Targets =>
    [
        new TestCaseData("/nothing", "Nothing is here", "./"),
        new TestCaseData("/nothing/at//all?x=/y", "Nothing is here", "../../../"),
        new TestCaseData($"/serve/{Missing}/bin/x", "No such file", "../../../"),
        new TestCaseData($"/log/{Missing}", "No such log", "../"),
    ];

    [TestCaseSource(nameof(Targets))]
    public async Task A_browser_gets_a_page_that_leads_on(string target, string title, string root)
    {
        using HttpResponseMessage response = await _cache.GetAsync(target, ("Accept", Browser));
        string page = await response.Content.ReadAsStringAsync();

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(response.Content.Headers.ContentType?.ToString(), Is.EqualTo("text/html; charset=utf-8"));
        Assert.That(response.Headers.CacheControl?.ToString(), Is.EqualTo("no-store"));
        Assert.That(response.Headers.Vary, Is.EqualTo(new[] { "Accept" }));
        Assert.That(response.Headers.GetValues("Content-Security-Policy").Single(), Does.StartWith("default-src 'none'; style-src "));
        Assert.That(response.Headers.GetValues("X-Content-Type-Options"), Is.EqualTo(new[] { "nosniff" }));
        Assert.That(page, Does.Contain($"<h1>{title}</h1>").And.Contain($"<a href=\"{root}\">first page of this cache</a>"));
        Assert.That(page, Does.Contain($"href=\"{root}favicon.svg\""));
    }

    [TestCase(null)]
    [TestCase("*/*")]
    [TestCase("application/json")]
    [TestCase("text/html;q=0")]
    [TestCase("text/plain, text/html;q=0.5")]
    [TestCase("text/html, text/plain")]
    [TestCase("text/html/")]
    public async Task A_program_gets_the_words_alone(string? accept)
    {
        string header = accept is null ? "" : $"Accept: {accept}\r\n";
        string unknown = await _cache.SendRawAsync($"GET /nothing HTTP/1.1\r\nHost: x\r\nX-Request-Id: a\r\n{header}Connection: close\r\n\r\n");
        string missed = await _cache.SendRawAsync($"GET /serve/{Missing} HTTP/1.1\r\nHost: x\r\n{header}Connection: close\r\n\r\n");

        Assert.That(
            unknown, Does.Match("^HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n"
                + "Date: [^\r]+\r\nCache-Control: no-store\r\nX-Request-Id: a\r\n\r\nNot Found$"));
        Assert.That(missed, Does.EndWith("\r\n\r\nmissed hash"));
    }

    [Test]
    public async Task URLs_for_programs_have_no_pages()
    {
        foreach (string target in (string[])[$"/{Missing}.narinfo", $"/{Missing}.ls", $"/nar/{Missing}.nar"])
        {
            using HttpResponseMessage response = await _cache.GetAsync(target, ("Accept", Browser));

            Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("text/plain"), target);
        }
    }

    [Test]
    public async Task Failures_are_pages_with_the_id_of_the_request()
    {
        foreach ((Exception failure, int status, string title) in ((Exception, int, string)[])[
            (new TimeoutException("/secret"), 503, "The cache can&#x27;t answer now"),
            (new InvalidOperationException("/secret"), 500, "The cache made a mistake")])
        {
            _cache.Catalog.Failure = failure;
            using HttpResponseMessage response = await _cache.GetAsync($"/serve/{Missing}", ("Accept", Browser), ("X-Request-Id", "mine<"));
            string page = await response.Content.ReadAsStringAsync();

            Assert.That((int)response.StatusCode, Is.EqualTo(status));
            Assert.That(page, Does.Contain($"<h1>{title}</h1>").And.Contain("<code>mine&lt;</code>").And.Not.Contain("/secret"));
        }
    }

    [Test]
    public async Task Other_refusals_keep_their_headers()
    {
        await using CacheInMemory closed = await CacheInMemory.StartAsync(new CacheOptions(), new CredentialList([]));
        using HttpResponseMessage unauthorized = await closed.GetAsync("/", ("Accept", Browser));
        using HttpResponseMessage notAllowed = await _cache.SendAsync(HttpMethod.Delete, "/", ("Accept", Browser));
        using HttpResponseMessage head = await _cache.SendAsync(HttpMethod.Head, "/nothing", ("Accept", Browser));

        Assert.That(unauthorized.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(unauthorized.Headers.WwwAuthenticate.Select(challenge => challenge.Scheme), Is.EqualTo(new[] { "Basic", "Bearer" }));
        Assert.That(await unauthorized.Content.ReadAsStringAsync(), Does.Contain("<h1>This cache is private</h1>"));
        Assert.That(notAllowed.Content.Headers.Allow, Is.EqualTo(new[] { "GET", "HEAD" }));
        Assert.That(await notAllowed.Content.ReadAsStringAsync(), Does.Contain("<h1>This cache can only be read</h1>"));
        Assert.That(head.Content.Headers.ContentLength, Is.GreaterThan(1000));
    }

    [TestCase("/favicon.svg")]
    [TestCase("/favicon.ico")]
    public async Task The_icon_is_small_and_kept_for_a_day(string url)
    {
        using HttpResponseMessage response = await _cache.GetAsync(url);

        Assert.That(response.Content.Headers.ContentType?.ToString(), Is.EqualTo("image/svg+xml"));
        Assert.That(response.Headers.CacheControl?.ToString(), Is.EqualTo("max-age=86400"));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.StartWith("<svg ").And.Length.LessThan(1000));
    }
}
