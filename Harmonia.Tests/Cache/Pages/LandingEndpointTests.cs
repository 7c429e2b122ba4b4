using Harmonia.Cache.Catalog;
using Harmonia.Cache.Configuration;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Pages;

public sealed class LandingEndpointTests
{
    private CacheInMemory _cache = null!;
    private SecretKey _first = null!;
    private SecretKey _second = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _first = SecretKey.Generate("cache.example.com-1");
        _second = SecretKey.Generate("cache.example.com-2");
        _cache = await CacheInMemory.StartAsync(new CacheOptions { Priority = 40 }, _first, _second);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _cache.DisposeAsync();
        _first.Dispose();
        _second.Dispose();
    }

    [Test]
    public async Task The_page_shows_what_a_client_must_configure()
    {
        using HttpResponseMessage response = await _cache.GetAsync("/");
        string page = PageText.Of(await response.Content.ReadAsStringAsync());
        string keys = $"{_first.PublicKey} {_second.PublicKey}";

        Assert.That(response.Content.Headers.ContentType?.ToString(), Is.EqualTo("text/html; charset=utf-8"));
        Assert.That(response.Headers.CacheControl, Is.Null);
        Assert.That(page, Does.Contain("Nix Binary Cache - harmonia-cache ").And.Contain("Priority: 40").And.Contain("/nix/store"));
        Assert.That(page, Does.Contain($"\n{_first.PublicKey}\n{_second.PublicKey}\n"));
        Assert.That(page, Does.Contain($"extra-substituters = http://{_cache.EndPoint}\nextra-trusted-public-keys = {keys}\n"));
        Assert.That(
            page, Does.Contain($"nix build --extra-substituters http://{_cache.EndPoint} --extra-trusted-public-keys '{keys}' INSTALLABLE\n"));
        string settings = $$"""
             = {
              extra-substituters = [ "http://{{_cache.EndPoint}}" ];
              extra-trusted-public-keys = [
                "{{_first.PublicKey}}"
                "{{_second.PublicKey}}"
              ];
            };

            """;
        Assert.That(page, Does.Contain($"nix.settings{settings}").And.Contain($"nixConfig{settings}"));
    }

    [Test]
    public async Task The_page_may_use_nothing_but_its_own_style_and_icon()
    {
        using HttpResponseMessage response = await _cache.GetAsync("/");
        string page = await response.Content.ReadAsStringAsync();

        Assert.That(
            response.Headers.GetValues("Content-Security-Policy").Single(),
            Does.Match("^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'$"));
        Assert.That(response.Headers.GetValues("X-Content-Type-Options"), Is.EqualTo(new[] { "nosniff" }));
        Assert.That(page, Does.Not.Contain("<script").And.Not.Contain("src=").And.Not.Contain("style=").And.Not.Contain("url("));
    }

    [Test]
    public async Task Without_keys_the_page_says_so_and_shows_no_line_for_them()
    {
        await using CacheInMemory unsigned = await CacheInMemory.StartAsync();
        string page = await unsigned.Client.GetStringAsync(new Uri("/", UriKind.Relative));

        Assert.That(page, Does.Contain("No signing keys configured"));
        Assert.That(page, Does.Contain($"<pre>extra-substituters = http://{unsigned.EndPoint}</pre>"));
        Assert.That(page, Does.Not.Contain("trusted-public-keys"));
    }

    [TestCase("Host: cache.test:5000", "http://cache.test:5000")]
    [TestCase("Host: [::1]:5000", "http://[::1]:5000")]
    [TestCase("Host: a\r\nX-Forwarded-Proto: HTTPS , http", "https://a")]
    [TestCase("Host: a\r\nX-Forwarded-Proto: javascript:alert(1)", "http://a")]
    [TestCase("Host: a\r\nX-Forwarded-Host: cache.example.org, inner", "http://cache.example.org")]
    [TestCase("Host: a\r\nX-Forwarded-Host: <script>alert(1)</script>", "http://a")]
    [TestCase("Host: a\r\nX-Forwarded-Host: b\"; evil = \"x", "http://a")]
    [TestCase("Host: a\r\nX-Forwarded-Host:", "http://a")]
    [TestCase("Host:", "http://cache.example.com")]
    public async Task The_address_is_the_one_the_client_used(string headers, string address)
    {
        string response = await _cache.SendRawAsync($"GET / HTTP/1.1\r\n{headers}\r\nConnection: close\r\n\r\n");

        Assert.That(response, Does.StartWith("HTTP/1.1 200 ").And.Contain($"extra-substituters = {address}\n"));
        Assert.That(response, Does.Not.Contain("alert").And.Not.Contain("evil"));
    }

    [TestCase("<script>alert(1)</script>")]
    [TestCase("a\"onload=alert(1)")]
    public async Task A_host_that_is_none_is_not_reflected(string host)
    {
        string response = await _cache.SendRawAsync($"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");

        Assert.That(response, Does.Not.Contain("alert"));
    }

    [Test]
    public async Task The_page_is_served_while_the_daemon_is_unavailable()
    {
        await using CacheInMemory cache = await CacheInMemory.StartAsync();
        cache.Catalog.Failure = new IOException("away");

        string page = await cache.Client.GetStringAsync(new Uri("/", UriKind.Relative));

        Assert.That(page, Does.Contain("<dt>Store paths</dt><dd>–</dd>"));
    }

    [TestCase(CatalogState.Unreachable, "the store daemon cannot be reached", "Start harmonia-daemon or nix-daemon")]
    [TestCase(CatalogState.Refusing, "the store daemon refuses the user of the cache", "allowed-users")]
    [TestCase(CatalogState.OtherStoreDirectory, "the store daemon serves another store directory", "virtual_nix_store")]
    [TestCase(CatalogState.Silent, "the store daemon does not answer in time", "the log of the daemon")]
    [TestCase(CatalogState.Failing, "the store daemon answers with an error", "The log of the cache")]
    public async Task What_keeps_the_cache_from_serving_is_on_the_page_and_what_helps(CatalogState state, string problem, string remedy)
    {
        await using CacheInMemory cache = await CacheInMemory.StartAsync();
        Assert.That(await cache.Client.GetStringAsync(new Uri("/", UriKind.Relative)), Does.Not.Contain("serve paths now"));
        cache.Catalog.State = state;

        string page = PageText.Of(await cache.Client.GetStringAsync(new Uri("/", UriKind.Relative)));

        Assert.That(page, Does.Contain($"This cache can't serve paths now: {problem}.").And.Contain(remedy));
    }

    [Test]
    public async Task Missing_files_of_the_store_are_on_the_page()
    {
        await using CacheInMemory cache = await CacheInMemory.StartAsync();
        Directory.Delete(cache.RealStore, recursive: true);

        string page = PageText.Of(await cache.Client.GetStringAsync(new Uri("/", UriKind.Relative)));

        Assert.That(page, Does.Contain("the files of the store are not there").And.Contain("real_nix_store"));
        Directory.CreateDirectory(cache.RealStore);
    }

    [Test]
    public async Task The_page_names_whoever_runs_the_cache()
    {
        await using CacheInMemory cache = await CacheInMemory.StartAsync(new CacheOptions { Operator = "Müller & <Söhne>" });

        string page = await cache.Client.GetStringAsync(new Uri("/", UriKind.Relative));

        Assert.That(page, Does.Contain("<p>Run by Müller &amp; &lt;Söhne&gt;</p>"));
    }
}
