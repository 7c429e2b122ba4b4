using System.Net;
using Harmonia.Protocol.Client;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

/// <summary>harmonia-daemon comes and goes under its clients: the pool, and harmonia-cache above it.</summary>
[Category("Nix")]
public sealed class DaemonLossTests
{
    private HarmoniaDaemon? _daemon;
    private DaemonPool? _pool;
    private StorePath[] _paths = [];

    private static LargeStore Store => LargeStoreSetUp.Store;

    [SetUp]
    public async Task StartAsync()
    {
        _daemon = await HarmoniaDaemon.StartAsync(Store.Store);
        _pool = new DaemonPool(
            new DaemonConnector(new DaemonConnectorOptions { SocketPath = _daemon.SocketPath, StoreDirectory = StoreDirectory.Default }),
            new DaemonPoolOptions { MaxConnections = 8 });
        _paths = [.. await _pool.RunAsync((client, token) => client.QueryAllValidPathsAsync(token), default)];
    }

    [TearDown]
    public async Task StopAsync()
    {
        if (_pool is not null)
            await _pool.DisposeAsync();
        if (_daemon is not null)
            await _daemon.DisposeAsync();
    }

    [Test]
    public async Task A_thousand_lookups_on_eight_connections_are_all_answered() =>
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(n => Task.Run(() => AskAsync(n, default))));

    [Test]
    public async Task Lookups_cancelled_at_random_moments_mix_no_answers_up()
    {
        (int answered, int cancelled) = await RandomCancellation.RunAsync(1000, seed: 7, AskAsync);

        Assert.That(answered + cancelled, Is.EqualTo(1000));
        Assert.That(cancelled, Is.GreaterThan(10), "Too few were cancelled for the test to say anything.");
        await Task.WhenAll(Enumerable.Range(0, 100).Select(n => AskAsync(n, default)));
    }

    [Test]
    public Task A_daemon_killed_and_restarted_under_load_costs_only_calls_in_flight() =>
        KillsUnderLoad.RunAsync(3, 500, n => AskAsync(n, default), async () =>
        {
            await _daemon!.Program.KillAsync();
            await _daemon.StartAsync();
        });

    [Test]
    public async Task The_cache_says_503_while_the_daemon_is_away_and_serves_again_by_itself()
    {
        await using HarmoniaCache cache = await HarmoniaCache.StartAsync(Store.Store, _daemon!.SocketPath);
        using HttpClient client = new() { BaseAddress = cache.Url };
        string narInfo = $"/{StoreDirectory.Default.ParsePath(Store.Top).Hash}.narinfo";
        Assert.That((await client.GetAsync(narInfo)).StatusCode, Is.EqualTo(HttpStatusCode.OK));

        await _daemon.Program.KillAsync();
        HttpResponseMessage away = null!;
        await Patience.UntilAsync(async () =>
        {
            away = await client.GetAsync(narInfo);
            return !away.IsSuccessStatusCode; // what was answered a moment ago still is
        });
        HttpResponseMessage notReady = await client.GetAsync("/ready");
        HttpResponseMessage alive = await client.GetAsync("/health");
        HttpResponseMessage cacheInfo = await client.GetAsync("/nix-cache-info");
        await _daemon.StartAsync();
        HttpResponseMessage back = await client.GetAsync(narInfo);

        Assert.That(away.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(away.Headers.RetryAfter, Is.Not.Null);
        Assert.That(notReady.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(alive.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(cacheInfo.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(back.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task A_daemon_that_is_told_to_stop_exits_normally_and_removes_its_socket()
    {
        int exitCode = await _daemon!.Program.TerminateAsync();

        Assert.That(exitCode, Is.Zero, _daemon.Program.Log);
        Assert.That(File.Exists(_daemon.SocketPath), Is.False);
    }

    private async Task AskAsync(int number, CancellationToken cancellationToken)
    {
        StorePath path = _paths[number % _paths.Length];
        StorePath? found = await _pool!.RunAsync(
            async (client, token) =>
            {
                UnkeyedValidPathInfo? info = await client.QueryPathInfoAsync(path, token);
                Assert.That(info, Is.Not.Null);
                return await client.QueryPathFromHashPartAsync(path.Hash, token);
            },
            cancellationToken);
        Assert.That(found, Is.EqualTo(path));
    }
}
