using System.Net;
using System.Text;
using System.Text.Json;
using Harmonia.Cache.Configuration;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.NarInfo;

public sealed class RealisationEndpointTests
{
    private const string Hash = "sha256:1c37d01af40be2e80691de3cc3df44377a699afbb17c68f080964b2fd071fc13";
    private const string Derivation = "xp0dpr9yz5h0fk5c5lpj7zzqjbdh3w8c-hello.drv";

    private readonly SecretKey _key = SecretKey.Generate("cache.example.com-1");
    private CacheInMemory _cache = null!;
    private ValidPathInfo _output = null!;

    [OneTimeTearDown]
    public void ForgetKey() => _key.Dispose();

    [SetUp]
    public async Task StartAsync() => await StartAsync(SignPolicy.All);

    [TearDown]
    public async Task StopAsync() => await _cache.DisposeAsync();

    [TestCase($"/realisations/{Hash}!out.doi")]
    [TestCase("/realisations/sha256%3A1c37d01af40be2e80691de3cc3df44377a699afbb17c68f080964b2fd071fc13%21out.doi")]
    public async Task An_output_is_found_by_the_hash_of_its_derivation_and_signed(string url)
    {
        Realisation known = AddByHash("other:AAAA", Signed("theirs"));

        using HttpResponseMessage response = await _cache.GetAsync(url);
        Realisation answer = Realisation.ParseJson(await response.Content.ReadAsStringAsync());

        AssertHeaders(response);
        Assert.That(answer.Id, Is.EqualTo(known.Id));
        Assert.That(answer.OutPath, Is.EqualTo(_output.Path));
        // Clients refuse the whole answer if they can't parse one signature.
        Assert.That(answer.Signatures, Is.EquivalentTo(new[] { Signed("theirs"), _key.Sign(known.Fingerprint()).ToString() }));
    }

    [Test]
    public async Task A_realisation_with_others_below_it_is_signed_for_clients_that_look_at_them_and_for_those_that_do_not()
    {
        Realisation known = AddByHash() with
        {
            DependentRealisations = new Dictionary<DrvOutput, StorePath> { [new DrvOutput(Hash, "dev")] = _output.Path },
        };
        _cache.Catalog.Realisations[known.Id] = known;

        Realisation answer = Realisation.ParseJson(await _cache.Client.GetStringAsync(new Uri($"/realisations/{Hash}!out.doi", UriKind.Relative)));

        Realisation bare = known with { DependentRealisations = new Dictionary<DrvOutput, StorePath>() };
        Assert.That(answer.DependentRealisations, Is.EqualTo(known.DependentRealisations));
        Assert.That(
            answer.Signatures,
            Is.EquivalentTo(new[] { _key.Sign(known.Fingerprint()).ToString(), _key.Sign(bare.Fingerprint()).ToString() }));
    }

    [TestCase($"/build-trace-v2/{Derivation}/out.doi")]
    [TestCase($"/build-trace-v2/{Derivation}/out")]
    public async Task An_output_is_found_by_the_path_of_its_derivation_and_signed(string url)
    {
        BuildTraceKey key = AddByPath(Signed("theirs"));

        using HttpResponseMessage response = await _cache.GetAsync(url);
        using JsonDocument json = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync());

        AssertHeaders(response);
        Signature ours = _key.Sign(new UnkeyedRealisation { OutPath = _output.Path }.Fingerprint(key));
        Assert.That(json.RootElement.GetProperty("outPath").GetString(), Is.EqualTo(_output.Path.BaseName));
        IEnumerable<string> signatures = json.RootElement.GetProperty("signatures").EnumerateArray()
            .Select(signature => $"{signature.GetProperty("keyName").GetString()}:{signature.GetProperty("sig").GetString()}");
        Assert.That(signatures, Is.EquivalentTo(new[] { Signed("theirs"), ours.ToString() }));
    }

    [TestCase(SignPolicy.None, true, 0)]
    [TestCase(SignPolicy.Ultimate, false, 0)]
    [TestCase(SignPolicy.Ultimate, true, 1)]
    [TestCase(SignPolicy.All, false, 1)]
    public async Task The_policy_of_signing_holds_here_too(SignPolicy policy, bool isUltimate, int signatures)
    {
        await _cache.DisposeAsync();
        await StartAsync(policy);
        _cache.Catalog.Add(_output with { Info = _output.Info with { Ultimate = isUltimate } });
        AddByHash();
        AddByPath();

        Realisation byHash = Realisation.ParseJson(await _cache.Client.GetStringAsync(new Uri($"/realisations/{Hash}!out.doi", UriKind.Relative)));
        string byPath = await _cache.Client.GetStringAsync(new Uri($"/build-trace-v2/{Derivation}/out", UriKind.Relative));

        Assert.That(byHash.Signatures, Has.Count.EqualTo(signatures));
        Assert.That(byPath.Split("keyName"), Has.Length.EqualTo(1 + signatures));
    }

    [TestCase($"/realisations/{Hash}!out.doi", 404, "realisation not found")]
    [TestCase($"/build-trace-v2/{Derivation}/out.doi", 404, "realisation not found")]
    [TestCase("/realisations/sha256:1c37!out.doi", 400, "Invalid derivation output id")]
    [TestCase($"/realisations/{Hash}.doi", 400, "Invalid derivation output id")]
    [TestCase($"/realisations/{Hash}!%2e%2e%2fx.doi", 400, "Invalid derivation output id")]
    [TestCase("/realisations/.doi", 400, "Invalid derivation output id")]
    [TestCase("/build-trace-v2/hello.drv/out", 400, "Invalid derivation path")]
    [TestCase($"/build-trace-v2/{Derivation}/.doi", 400, "Invalid output name")]
    [TestCase($"/build-trace-v2/{Derivation}/o%20t", 400, "Invalid output name")]
    [TestCase($"/build-trace-v2/{Derivation}/a/b", 400, "Invalid output name")]
    [TestCase($"/build-trace-v2/{Derivation}", 404, "Not Found")]
    [TestCase($"/realisations/{Hash}!out", 404, "Not Found")]
    public async Task What_is_unknown_or_makes_no_sense_is_said_in_a_few_words(string url, int status, string body)
    {
        using HttpResponseMessage response = await _cache.GetAsync(url);

        Assert.That((int)response.StatusCode, Is.EqualTo(status));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(body));
        Assert.That(response.Headers.CacheControl?.ToString(), Is.EqualTo("no-store"));
    }

    private static string Signed(string keyName) => $"{keyName}:{Convert.ToBase64String(new byte[Signature.ByteLength])}";

    private static void AssertHeaders(HttpResponseMessage response)
    {
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(response.Content.Headers.ContentType?.ToString(), Is.EqualTo("application/json"));
        Assert.That(response.Headers.CacheControl?.ToString(), Is.EqualTo("max-age=86400"));
    }

    private async Task StartAsync(SignPolicy policy)
    {
        _cache = await CacheInMemory.StartAsync(new CacheOptions { Sign = policy }, [_key]);
        _output = _cache.AddFile("output", Encoding.ASCII.GetBytes("made"));
    }

    private Realisation AddByHash(params string[] signatures)
    {
        Realisation realisation = new() { Id = new DrvOutput(Hash, "out"), OutPath = _output.Path, Signatures = signatures };
        _cache.Catalog.Realisations[realisation.Id] = realisation;
        return realisation;
    }

    private BuildTraceKey AddByPath(params string[] signatures)
    {
        BuildTraceKey key = new(StorePath.Parse(Derivation), "out");
        _cache.Catalog.BuildTrace[key] = new UnkeyedRealisation { OutPath = _output.Path, Signatures = signatures };
        return key;
    }
}
