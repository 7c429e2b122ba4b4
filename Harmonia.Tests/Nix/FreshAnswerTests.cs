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
public abstract class FreshAnswerTests
{
    protected static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);

    private HarmoniaCache? _cache;

    private protected RealNixStore Store { get; private set; } = null!;

    private protected HttpClient Client { get; private set; } = null!;

    [SetUp]
    public async Task StartAsync()
    {
        Store = await RealNixStore.CreateAsync(NixRelease.Forky);
        await Store.AddFileAsync("first", "makes the database");
        _cache = await HarmoniaCache.StartAsync(Store, await StartDaemonAsync());
        Client = new HttpClient { BaseAddress = _cache.Url };
        await Patience.UntilAsync(IsReadyAsync);
    }

    [TearDown]
    public async Task StopAsync()
    {
        Client?.Dispose();
        if (_cache is not null)
            await _cache.DisposeAsync();
        Store?.Dispose();
    }

    [Test]
    public async Task A_path_that_is_deleted_is_not_answered_any_more()
    {
        string path = await Store.AddFileAsync("doomed", "contents");
        await HeatAsync(path, HttpStatusCode.OK);

        await Store.RunAsync("nix-store", "--delete", path);

        await AssertFreshAsync(path, answer => answer.StartsWith("404", StringComparison.Ordinal));
    }

    [Test]
    public async Task A_path_that_is_added_is_answered()
    {
        string path = await Store.AddFileAsync("returning", "contents");
        await Store.RunAsync("nix-store", "--delete", path);
        await HeatAsync(path, HttpStatusCode.NotFound);

        await Store.AddFileAsync("returning", "contents");

        await AssertFreshAsync(path, answer => answer.StartsWith("200", StringComparison.Ordinal));
    }

    [Test]
    public async Task A_path_registered_with_another_hash_is_answered_with_that()
    {
        string path = await Store.AddFileAsync("changing", "contents");
        await HeatAsync(path, HttpStatusCode.OK);
        string other = NarHash.Of("other contents"u8).ToBase16();

        await Command.RunAsync(
            Store.Release.Program("nix-store"), ["--register-validity", "--reregister", "--hash-given"], Store.Environment,
            System.Text.Encoding.ASCII.GetBytes($"{path}\n{other}\n4711\n\n0\n"));

        await AssertFreshAsync(path, answer => answer.Contains("NarSize: 4711", StringComparison.Ordinal));
    }

    [Test]
    public async Task A_path_that_is_signed_is_answered_with_the_signature()
    {
        string path = await Store.AddFileAsync("signed", "contents");
        await HeatAsync(path, HttpStatusCode.OK);
        string key = $"{Store.Root}/late-key";
        await Store.RunAsync("nix-store", "--generate-binary-cache-key", "late-1", key, $"{key}.pub");

        await Store.RunAsync("nix", "store", "sign", "--key-file", key, path);

        await AssertFreshAsync(path, answer => answer.Contains("Sig: late-1:", StringComparison.Ordinal));
    }

    [Test]
    public async Task Without_its_daemon_the_cache_sends_nothing_that_may_be_out_of_date()
    {
        string path = await Store.AddFileAsync("kept", "contents");
        await HeatAsync(path, HttpStatusCode.OK);

        await KillDaemonAsync();
        await Store.RunAsync("nix-store", "--delete", path);

        await AssertFreshAsync(path, answer => answer.StartsWith("503", StringComparison.Ordinal));
        await RestartDaemonAsync();
        await Patience.UntilAsync(async () => (await AskAsync(path)).StartsWith("404", StringComparison.Ordinal));
    }

    /// <summary>Starts the daemon on the store and returns the path of its socket.</summary>
    private protected abstract Task<string> StartDaemonAsync();

    private protected abstract Task KillDaemonAsync();

    /// <summary>Starts it again after it was killed, on the same socket.</summary>
    private protected abstract Task RestartDaemonAsync();

    /// <summary>Whether the cache has begun to do with the daemon what it always does.</summary>
    private protected abstract Task<bool> IsReadyAsync();

    private protected async Task<string> AskAsync(string path)
    {
        using HttpResponseMessage response = await Client.GetAsync($"/{StoreDirectory.Parse(Store.StoreDirectory).ParsePath(path).Hash}.narinfo");
        return $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}";
    }

    /// <summary>Asks until the answer comes, so that it is remembered.</summary>
    private Task HeatAsync(string path, HttpStatusCode status) =>
        Patience.UntilAsync(async () => (await AskAsync(path)).StartsWith($"{(int)status}", StringComparison.Ordinal));

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
}
