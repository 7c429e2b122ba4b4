using System.Net;
using System.Text;
using Harmonia.Cache.Configuration;
using Harmonia.Cache.Http;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Http;

public sealed class AccessGateTests
{
    private CacheInMemory _cache = null!;

    [OneTimeSetUp]
    public async Task StartCacheAsync()
    {
        Assert.That(Credential.TryParse($"alice:{PasswordHash.Of("secret")}", out Credential? alice));
        _cache = await CacheInMemory.StartAsync(new CacheOptions(), new CredentialList([alice!]));
    }

    [OneTimeTearDown]
    public async Task StopCacheAsync() => await _cache.DisposeAsync();

    [TestCase("/nix-cache-info")]
    [TestCase("/ready")]
    [TestCase("/health/")]
    [TestCase("/HEALTH")]
    [TestCase("/unknown")]
    [TestCase("/00000000000000000000000000000000.narinfo")]
    public async Task Without_credentials_the_answer_is_401_with_both_challenges(string url)
    {
        using HttpResponseMessage response = await _cache.GetAsync(url);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(response.Headers.WwwAuthenticate.Select(challenge => challenge.Scheme), Is.EqualTo(new[] { "Basic", "Bearer" }));
        Assert.That(response.Headers.CacheControl!.NoStore);
    }

    [Test]
    public async Task Health_is_open_to_all()
    {
        using HttpResponseMessage response = await _cache.GetAsync("/health");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase("alice:secret", HttpStatusCode.OK)]
    [TestCase("alice:guess", HttpStatusCode.Unauthorized)]
    public async Task Credentials_decide(string pair, HttpStatusCode expected)
    {
        using HttpResponseMessage response = await _cache.GetAsync(
            "/nix-cache-info", ("Authorization", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(pair))}"));

        Assert.That(response.StatusCode, Is.EqualTo(expected));
    }
}
