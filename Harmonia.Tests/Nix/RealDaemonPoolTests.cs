using Harmonia.Protocol.Client;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

/// <summary>The pool against real daemons, which fork for each connection, close it after some errors, and can be killed.</summary>
[Category("Nix")]
[TestFixtureSource(typeof(NixRelease), nameof(NixRelease.All))]
public sealed class RealDaemonPoolTests(NixRelease release)
{
    private RealNixStore _store = null!;
    private RealNixDaemon _daemon = null!;
    private DaemonPool _pool = null!;
    private StorePath[] _paths = null!;
    private Dictionary<StorePath, UnkeyedValidPathInfo?> _infos = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _store = await RealNixStore.CreateAsync(release, RealNixStoreLayout.Chroot);
        SampleStorePaths paths = await SampleStorePaths.AddToAsync(_store);
        _paths = [.. paths.Chain.Concat(paths.Files).Select(path => StoreDirectory.Default.ParsePath(path))];
        _daemon = RealNixDaemon.Start(_store);
        _pool = NewPool(StoreDirectory.Default);
        _infos = await _pool.RunAsync(
            async (client, token) =>
            {
                Dictionary<StorePath, UnkeyedValidPathInfo?> infos = new();
                foreach (StorePath path in _paths)
                    infos[path] = await client.QueryPathInfoAsync(path, token);
                return infos;
            },
            default);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _pool.DisposeAsync();
        _daemon.Dispose();
        _store.Dispose();
    }

    [Test]
    public async Task A_thousand_lookups_on_eight_connections_are_all_answered() =>
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(n => Task.Run(() => AskAsync(n, default)))).InTime();

    [Test]
    public Task A_daemon_killed_under_load_costs_only_calls_in_flight_and_serves_all_when_it_is_back() =>
        KillsUnderLoad.RunAsync(3, 200, n => AskAsync(n, default), () =>
        {
            _daemon.Kill();
            _daemon.Start();
            return Task.CompletedTask;
        });

    [Test]
    public async Task A_restart_goes_unnoticed_by_callers_that_come_afterwards()
    {
        for (int round = 0; round < 3; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 50).Select(n => Task.Run(() => AskAsync(n, default)))).InTime();
            _daemon.Kill();
            _daemon.Start();
        }
    }

    [Test]
    public async Task Requests_cancelled_at_random_moments_mix_no_answers_up()
    {
        (int answered, int cancelled) = await RandomCancellation.RunAsync(200, seed: 1, AskAsync);

        Assert.That(answered + cancelled, Is.EqualTo(200));
        Assert.That(cancelled, Is.GreaterThan(10), "Too few were cancelled for the test to say anything.");
        await Task.WhenAll(Enumerable.Range(0, 50).Select(n => AskAsync(n, default))).InTime();
    }

    [Test]
    public async Task An_error_after_which_the_daemon_hangs_up_is_the_daemons_words_each_time()
    {
        // Nix since 2.4 answers a path outside its store with an error and closes the connection.
        await using DaemonPool elsewhere = NewPool(StoreDirectory.Parse("/elsewhere/store"));
        for (int round = 0; round < 20; round++)
        {
            Assert.That(
                () => elsewhere.RunAsync((client, token) => client.IsValidPathAsync(_paths[0], token), CancellationToken.None),
                Throws.TypeOf<RemoteErrorException>().With.Message.Contains("is not in the Nix store"));
        }
    }

    private async Task AskAsync(int number, CancellationToken cancellationToken)
    {
        StorePath path = _paths[number % _paths.Length];
        (StorePath? found, UnkeyedValidPathInfo? info) = await _pool.RunAsync(
            async (client, token) => (
                await client.QueryPathFromHashPartAsync(path.Hash, token),
                await client.QueryPathInfoAsync(path, token)),
            cancellationToken);
        Assert.That(found, Is.EqualTo(path));
        Assert.That(info, Is.Not.Null.And.EqualTo(_infos[path]));
    }

    private DaemonPool NewPool(StoreDirectory directory) => new(
        new DaemonConnector(new DaemonConnectorOptions { SocketPath = _daemon.SocketPath, StoreDirectory = directory }),
        new DaemonPoolOptions { MaxConnections = 8 });
}
