using System.Net;
using Harmonia.Protocol.Client;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.NarInfo;

public sealed class NarInfoEndpointTests
{
    private SecretKey _key = null!;
    private CacheInMemory _cache = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _key = SecretKey.Parse(SamplePaths.SecretKey);
        _cache = await CacheInMemory.StartAsync(_key);
        _cache.Catalog.Add(SamplePaths.WithReference);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _cache.DisposeAsync();
        _key.Dispose();
    }

    [TearDown]
    public void MendCatalog() => _cache.Catalog.Failure = null;

    private static string Url => $"/{SamplePaths.WithReference.Path.Hash}.narinfo";

    [Test]
    public async Task A_known_path_is_answered_with_a_signed_narinfo()
    {
        using HttpResponseMessage response = await _cache.GetAsync(Url);
        byte[] body = await response.Content.ReadAsByteArrayAsync();

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(response.Content.Headers.ContentType?.ToString(), Is.EqualTo("text/x-nix-narinfo"));
        Assert.That(response.Headers.CacheControl?.ToString(), Is.EqualTo("max-age=86400"));
        Assert.That(response.Content.Headers.ContentLength, Is.EqualTo(body.Length));
        Dictionary<string, string> fields = NixNarInfoReader.Read(body).ToDictionary(field => field.Key, field => field.Value);
        Assert.That(response.Headers.GetValues("nix-link").Single(), Is.EqualTo(fields["URL"]));
        Assert.That(PublicKey.Parse(SamplePaths.PublicKey).Verify(
            Fingerprint.Of(StoreDirectory.Default, SamplePaths.WithReference), Signature.Parse(fields["Sig"])));
    }

    [TestCase("?json")]
    [TestCase("?json=0&x=1&x=2")]
    [TestCase("?%6Ason=")]
    public async Task The_json_key_asks_for_JSON(string query)
    {
        using HttpResponseMessage response = await _cache.GetAsync(Url + query);

        Assert.That(response.Content.Headers.ContentType?.ToString(), Is.EqualTo("application/json"));
        Assert.That(response.Headers.CacheControl?.ToString(), Is.EqualTo("max-age=86400"));
        Assert.That(response.Headers.Contains("nix-link"), Is.False);
        Assert.That(await response.Content.ReadAsStringAsync(), Does.StartWith("{\"ca\":null,").And.EndsWith("\"version\":3}"));
    }

    [Test]
    public async Task The_json_key_twice_is_a_bad_request()
    {
        using HttpResponseMessage response = await _cache.GetAsync(Url + "?json&json=1");

        await AssertErrorAsync(response, HttpStatusCode.BadRequest, "Query deserialize error: duplicate field `json`");
    }

    [Test]
    public async Task Head_has_the_headers_of_get_and_no_body()
    {
        foreach (string url in (string[])[Url, Url + "?json", "/0000000000000000000000000000000a.narinfo"])
        {
            using HttpResponseMessage get = await _cache.GetAsync(url);
            using HttpResponseMessage head = await _cache.SendAsync(HttpMethod.Head, url);

            Assert.That(head.StatusCode, Is.EqualTo(get.StatusCode));
            Assert.That(head.Content.Headers.ContentLength, Is.EqualTo(get.Content.Headers.ContentLength));
            Assert.That(head.Content.Headers.ContentType, Is.EqualTo(get.Content.Headers.ContentType));
            Assert.That(head.Headers.CacheControl, Is.EqualTo(get.Headers.CacheControl));
            Assert.That(await head.Content.ReadAsByteArrayAsync(), Is.Empty);
        }
    }

    [TestCase("/0000000000000000000000000000000a.narinfo", "missed hash")]
    [TestCase("/xp0dpr9yz5h0fk5c5lpj7zzqjbdh3w8.narinfo", "Not Found")]
    [TestCase("/eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee.narinfo", "Not Found")]
    public async Task An_unknown_or_malformed_hash_is_not_found_and_must_not_be_stored(string url, string body)
    {
        using HttpResponseMessage response = await _cache.GetAsync(url);

        await AssertErrorAsync(response, HttpStatusCode.NotFound, body);
    }

    [Test]
    public async Task A_path_without_a_size_is_not_found_and_the_log_says_why()
    {
        ValidPathInfo path = SamplePaths.Bare with { Info = SamplePaths.Bare.Info with { NarSize = 0 } };
        _cache.Catalog.Add(path);

        using HttpResponseMessage response = await _cache.GetAsync($"/{path.Path.Hash}.narinfo");

        await AssertErrorAsync(response, HttpStatusCode.NotFound, "missed hash");
        CapturedLogEntry entry = await _cache.Log.WaitForAsync(130);
        Assert.That(entry.Message, Does.Contain(path.Path.BaseName).And.Contain("size"));
    }

    [Test]
    public async Task Without_the_daemon_the_answer_is_503_and_soon_right_again()
    {
        _cache.Catalog.Failure = new DaemonUnavailableException("The daemon at /secret/socket cannot be used.");

        using HttpResponseMessage response = await _cache.GetAsync(Url);

        await AssertErrorAsync(response, HttpStatusCode.ServiceUnavailable, "Service Unavailable");
        Assert.That(response.Headers.RetryAfter?.ToString(), Is.EqualTo("5"));
        _cache.Catalog.Failure = null;
        using HttpResponseMessage again = await _cache.GetAsync(Url);
        Assert.That(again.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task A_bug_is_500_without_its_words()
    {
        _cache.Catalog.Failure = new InvalidOperationException("a secret");

        using HttpResponseMessage response = await _cache.GetAsync(Url);

        await AssertErrorAsync(response, HttpStatusCode.InternalServerError, "Internal Server Error");
        CapturedLogEntry entry = await _cache.Log.WaitForAsync(123);
        Assert.That(entry.Exception, Is.SameAs(_cache.Catalog.Failure));
    }

    private static async Task AssertErrorAsync(HttpResponseMessage response, HttpStatusCode status, string body)
    {
        Assert.That(response.StatusCode, Is.EqualTo(status));
        Assert.That(response.Headers.CacheControl?.ToString(), Is.EqualTo("no-store"));
        Assert.That(response.Content.Headers.ContentType?.ToString(), Is.EqualTo("text/plain; charset=utf-8"));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(body));
    }
}
