using System.Diagnostics;
using System.Net;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

/// <summary>
/// Real Nix changes a store beside daemon and cache. A request that begins later than the greatest age after the change gets no answer
/// from before it; that holds on the slowest machine, since the cache compares times and relies on none.
/// </summary>
[Category("Nix")]
[TestFixture(true)]
[TestFixture(false)]
public sealed class FreshAnswerTests(bool ofHarmonia)
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);

    private RealNixStore _store = null!;
    private HarmoniaDaemon? _harmonia;
    private RealNixDaemon? _nix;
    private HarmoniaCache _cache = null!;
    private HttpClient _client = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _store = await RealNixStore.CreateAsync(NixRelease.Forky);
        await _store.AddFileAsync("first", "makes the database");
        if (ofHarmonia)
            _harmonia = await HarmoniaDaemon.StartAsync(_store);
        else
            _nix = RealNixDaemon.Start(_store);
        _cache = await HarmoniaCache.StartAsync(_store, _harmonia?.SocketPath ?? _nix!.SocketPath);
        _client = new HttpClient { BaseAddress = _cache.Url };
        if (ofHarmonia)
            await UntilAsync(async () => (await _client.GetStringAsync("/metrics")).Contains("harmonia_daemon_announces_changes 1", StringComparison.Ordinal));
    }

    [TearDown]
    public async Task StopAsync()
    {
        _client.Dispose();
        await _cache.DisposeAsync();
        if (_harmonia is not null)
            await _harmonia.DisposeAsync();
        _nix?.Dispose();
        _store.Dispose();
    }

    [Test]
    public async Task A_path_that_is_deleted_is_not_answered_any_more()
    {
        string path = await _store.AddFileAsync("doomed", "contents");
        await HeatAsync(path, HttpStatusCode.OK);

        await _store.RunAsync("nix-store", "--delete", path);

        await AssertFreshAsync(path, answer => answer.StartsWith("404", StringComparison.Ordinal));
    }

    [Test]
    public async Task A_path_that_is_added_is_answered()
    {
        string path = await _store.AddFileAsync("returning", "contents");
        await _store.RunAsync("nix-store", "--delete", path);
        await HeatAsync(path, HttpStatusCode.NotFound);

        await _store.AddFileAsync("returning", "contents");

        await AssertFreshAsync(path, answer => answer.StartsWith("200", StringComparison.Ordinal));
    }

    [Test]
    public async Task A_path_registered_with_another_hash_is_answered_with_that()
    {
        string path = await _store.AddFileAsync("changing", "contents");
        await HeatAsync(path, HttpStatusCode.OK);
        string other = NarHash.Of("other contents"u8).ToBase16();

        await Command.RunAsync(
            _store.Release.Program("nix-store"), ["--register-validity", "--reregister", "--hash-given"], _store.Environment,
            System.Text.Encoding.ASCII.GetBytes($"{path}\n{other}\n4711\n\n0\n"));

        await AssertFreshAsync(path, answer => answer.Contains("NarSize: 4711", StringComparison.Ordinal));
    }

    [Test]
    public async Task A_path_that_is_signed_is_answered_with_the_signature()
    {
        string path = await _store.AddFileAsync("signed", "contents");
        await HeatAsync(path, HttpStatusCode.OK);
        string key = $"{_store.Root}/late-key";
        await _store.RunAsync("nix-store", "--generate-binary-cache-key", "late-1", key, $"{key}.pub");

        await _store.RunAsync("nix", "store", "sign", "--key-file", key, path);

        await AssertFreshAsync(path, answer => answer.Contains("Sig: late-1:", StringComparison.Ordinal));
    }

    [Test]
    public async Task Without_its_daemon_the_cache_answers_nothing_that_may_be_out_of_date()
    {
        string path = await _store.AddFileAsync("kept", "contents");
        await HeatAsync(path, HttpStatusCode.OK);

        if (_harmonia is not null)
            await _harmonia.Program.KillAsync();
        _nix?.Kill();
        await _store.RunAsync("nix-store", "--delete", path);

        await AssertFreshAsync(path, answer => answer.StartsWith("503", StringComparison.Ordinal));
        if (_harmonia is not null)
            await _harmonia.StartAsync();
        _nix?.Start();
        await UntilAsync(async () => (await AskAsync(path)).StartsWith("404", StringComparison.Ordinal));
    }

    [Test]
    public async Task What_does_not_change_is_signed_and_asked_for_once()
    {
        if (!ofHarmonia)
            Assert.Pass("Only harmonia-daemon can tell that nothing has changed.");
        string path = await _store.AddFileAsync("constant", "contents");
        await UntilAsync(async () => await AsksAsync(path) == 0);
        long started = Stopwatch.GetTimestamp();

        while (Stopwatch.GetElapsedTime(started) < 2 * MaxAge)
            Assert.That(await AsksAsync(path), Is.Zero);
    }

    /// <summary>How often the daemon was asked for the sake of one request.</summary>
    private async Task<double> AsksAsync(string path)
    {
        double before = await QuestionsAsync();
        await AskAsync(path);
        return await QuestionsAsync() - before;
    }

    private async Task<double> QuestionsAsync() => (await _client.GetStringAsync("/metrics")).Split('\n')
        .Where(line => line.StartsWith("harmonia_lookups_total{", StringComparison.Ordinal) && !line.Contains("\"hit\"", StringComparison.Ordinal))
        .Sum(line => double.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Asks until the answer comes, so that it is remembered.</summary>
    private Task HeatAsync(string path, HttpStatusCode status) =>
        UntilAsync(async () => (await AskAsync(path)).StartsWith($"{(int)status}", StringComparison.Ordinal));

    /// <summary>The change is made. No request that begins after the greatest age may be answered as before.</summary>
    private async Task AssertFreshAsync(string path, Func<string, bool> isFresh)
    {
        long changed = Stopwatch.GetTimestamp();
        int after = 0;
        while (after < 20)
        {
            TimeSpan age = Stopwatch.GetElapsedTime(changed);
            string answer = await AskAsync(path);
            if (age > MaxAge)
                after++;
            Assert.That(isFresh(answer) || age <= MaxAge, $"{age.TotalMilliseconds} ms after the change: {answer}");
        }
    }

    private async Task<string> AskAsync(string path)
    {
        using HttpResponseMessage response = await _client.GetAsync($"/{StoreDirectory.Parse(_store.StoreDirectory).ParsePath(path).Hash}.narinfo");
        return $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}";
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        long started = Stopwatch.GetTimestamp();
        while (!await condition())
            Assert.That(Stopwatch.GetElapsedTime(started), Is.LessThan(TimeSpan.FromMinutes(2)), "It did not come true.");
    }
}
