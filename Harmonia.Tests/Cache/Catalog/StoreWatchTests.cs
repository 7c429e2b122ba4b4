using Harmonia.Cache.Catalog;
using Harmonia.Cache.Metrics;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Queries;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Catalog;

/// <summary>The effect of a daemon's announcements of changes, and of their absence.</summary>
public sealed class StoreWatchTests
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);
    private static readonly StorePathHash Hash = FakeStore.Hash(1);
    private static readonly StorePathHash Other = FakeStore.Hash(2);

    private FakeTime _time = null!;
    private StoreFreshness _freshness = null!;
    private CacheStatistics _statistics = null!;
    private CapturedLog _log = null!;
    private SemaphoreSlim _answers = null!;
    private int _asked;
    private ulong _known;
    private volatile StoreChange _next = new(1, null);

    [SetUp]
    public void Start()
    {
        _time = new FakeTime();
        _freshness = new StoreFreshness(MaxAge, _time);
        _statistics = new CacheStatistics(_time);
        _log = new CapturedLog();
        _answers = new SemaphoreSlim(0);
        _asked = 0;
        _next = new StoreChange(1, null);
    }

    [TearDown]
    public void Stop()
    {
        _log.Dispose();
        _answers.Dispose();
    }

    [Test]
    public async Task Answers_hold_while_the_daemon_says_that_nothing_has_changed()
    {
        await using FakeDaemon daemon = Announcing();
        await using StoreWatch watch = Watch(daemon);
        await AnswerAsync(new StoreChange(1, null));
        AnswerStamp stamp = _freshness.Stamp(Hash);

        for (int i = 0; i < 10; i++)
        {
            _time.Advance(MaxAge / 4);
            await AnswerAsync(new StoreChange(1, []));
        }

        Assert.That(_freshness.Holds(Hash, stamp), Is.True);
        Assert.That(_statistics.IsWatched, Is.True);
    }

    [Test]
    public async Task No_answer_from_before_the_connection_holds()
    {
        AnswerStamp stamp = _freshness.Stamp(Hash);
        await using FakeDaemon daemon = Announcing();
        await using StoreWatch watch = Watch(daemon);
        await AnswerAsync(new StoreChange(9, []));

        Assert.That(_freshness.Holds(Hash, stamp), Is.False);
    }

    [Test]
    public async Task A_change_of_any_path_ends_all_answers()
    {
        await using FakeDaemon daemon = Announcing();
        await using StoreWatch watch = Watch(daemon);
        await AnswerAsync(new StoreChange(1, null));
        AnswerStamp stamp = _freshness.Stamp(Hash);

        await AnswerAsync(new StoreChange(2, null));

        Assert.That(_freshness.Holds(Hash, stamp), Is.False);
    }

    [Test]
    public async Task A_change_of_a_path_ends_the_answers_about_it()
    {
        await using FakeDaemon daemon = Announcing();
        await using StoreWatch watch = Watch(daemon);
        await AnswerAsync(new StoreChange(1, null));
        AnswerStamp stamp = _freshness.Stamp(Hash);
        AnswerStamp other = _freshness.Stamp(Other);

        await AnswerAsync(new StoreChange(2, [Hash]));

        Assert.That(_freshness.Holds(Hash, stamp), Is.False);
        Assert.That(_freshness.Holds(Other, other), Is.True);
    }

    [Test]
    public async Task A_late_answer_is_as_old_as_its_request()
    {
        await using FakeDaemon daemon = Announcing();
        await using StoreWatch watch = Watch(daemon);
        await AnswerAsync(new StoreChange(1, null));
        AnswerStamp stamp = _freshness.Stamp(Hash);

        _time.Advance(MaxAge);
        await AnswerAsync(new StoreChange(1, []));

        Assert.That(_freshness.Holds(Hash, stamp), Is.False);
    }

    [Test]
    public async Task The_watch_continues_after_the_daemon_is_back()
    {
        await using FakeDaemon daemon = Announcing();
        await using StoreWatch watch = Watch(daemon);
        await AnswerAsync(new StoreChange(1, null));
        AnswerStamp stamp = _freshness.Stamp(Hash);

        int asked = _asked;
        await ReconnectAsync(daemon);
        await AnswerAsync(new StoreChange(1, null), asked);

        Assert.That(_freshness.Holds(Hash, stamp), Is.False, "Nobody knows what changed in between.");
        Assert.That(_statistics.IsWatched, Is.True);
        Assert.That(_log.Entries.Count(entry => entry.EventId is 116 or 117), Is.EqualTo(3));
    }

    [Test]
    public async Task Answers_hold_when_the_daemon_knows_on_another_connection_that_nothing_has_changed()
    {
        await using FakeDaemon daemon = Announcing();
        await using StoreWatch watch = Watch(daemon);
        await AnswerAsync(new StoreChange(7, null));
        AnswerStamp stamp = _freshness.Stamp(Hash);

        await ReconnectAsync(daemon);
        Assert.That(Volatile.Read(ref _known), Is.EqualTo(7));
        await AnswerAsync(new StoreChange(7, []));

        Assert.That(_freshness.Holds(Hash, stamp), Is.True);
    }

    [Test]
    public async Task An_older_daemon_knows_nothing_of_changes_between_two_connections()
    {
        await using FakeDaemon daemon = Announcing(ProtocolFeatures.HarmoniaCache);
        await using StoreWatch watch = Watch(daemon);
        await AnswerAsync(new StoreChange(7, null));
        AnswerStamp stamp = _freshness.Stamp(Hash);

        await ReconnectAsync(daemon);
        Assert.That(Volatile.Read(ref _known), Is.Zero);
        await AnswerAsync(new StoreChange(8, []));

        Assert.That(_freshness.Holds(Hash, stamp), Is.False);
    }

    [Test]
    public async Task A_daemon_that_says_nothing_any_more_is_given_up()
    {
        await using FakeDaemon daemon = Announcing();
        await using StoreWatch watch = Watch(daemon);
        await AnswerAsync(new StoreChange(1, null));

        await AdvanceUntilAsync(() => daemon.Accepted == 2, TimeSpan.FromSeconds(2));
    }

    [Test]
    public async Task A_daemon_of_Nix_is_asked_seldom_and_never_for_changes()
    {
        int left = 0;
        await using FakeDaemon daemon = FakeDaemon.Started(async (session, cancellationToken) =>
        {
            Assert.That(await session.ReadOperationAsync(cancellationToken), Is.Null);
            Interlocked.Increment(ref left);
        });
        await using StoreWatch watch = Watch(daemon);
        await Patience.UntilAsync(() => Volatile.Read(ref left) == 1 && _time.PendingTimers > 0);

        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.That(_time.PendingTimers, Is.EqualTo(1), "The pause is not over.");
        Assert.That(daemon.Accepted, Is.EqualTo(1));
        _time.Advance(TimeSpan.FromSeconds(1));
        await Patience.UntilAsync(() => Volatile.Read(ref left) == 2);

        Assert.That(_statistics.IsWatched, Is.False);
        Assert.That(_log.Entries, Is.Empty);
    }

    private StoreWatch Watch(FakeDaemon daemon)
    {
        DaemonCatalogOptions options = new()
        {
            SocketPath = daemon.SocketPath,
            StoreDirectory = StoreDirectory.Default,
            MaxConnections = 1,
            TimeProvider = _time,
        };
        return new StoreWatch(options, _freshness, _statistics, _log.For<StoreWatch>());
    }

    private async Task ReconnectAsync(FakeDaemon daemon)
    {
        await daemon.KillAsync();
        await Patience.UntilAsync(() => !_statistics.IsWatched);
        int asked = _asked;
        daemon.Start();
        await AdvanceUntilAsync(() => Volatile.Read(ref _asked) > asked, TimeSpan.FromSeconds(2));
    }

    private FakeDaemon Announcing(params string[] features)
    {
        FakeDaemon daemon = new(async (session, cancellationToken) =>
        {
            while (await session.ReadOperationAsync(cancellationToken) is { } operation)
            {
                Assert.That(operation, Is.EqualTo(Operation.AwaitStoreChange));
                Volatile.Write(ref _known, (await AwaitStoreChangeRequestCodec.ReadAsync(session.Reader, cancellationToken)).Generation);
                Interlocked.Increment(ref _asked);
                await _answers.WaitAsync(cancellationToken);
                session.SayLast();
                StoreChangeCodec.Write(session.Writer, session.Context, _next);
                await session.Writer.FlushAsync(cancellationToken);
            }
        })
        {
            Handshake = features.Length == 0 ? FakeDaemon.Harmonia : FakeDaemon.Harmonia with { Features = new FeatureSet(features) },
        };
        daemon.Start();
        return daemon;
    }

    /// <summary>Answers the question under way, or the one after the given number, and returns when the next one is.</summary>
    private async Task AnswerAsync(StoreChange change, int after = 0)
    {
        await Patience.UntilAsync(() => Volatile.Read(ref _asked) > after);
        int asked = Volatile.Read(ref _asked);
        bool isNews = change.HashParts is null || change.Generation != _next.Generation;
        _next = change;
        _answers.Release();
        if (isNews)
            await AdvanceUntilAsync(() => Volatile.Read(ref _asked) > asked, TimeSpan.FromMilliseconds(50));
        else
            await Patience.UntilAsync(() => Volatile.Read(ref _asked) > asked);
    }

    // In steps that are no longer than any time limit of the watch, each after the one before has had its effect.
    private async Task AdvanceUntilAsync(Func<bool> condition, TimeSpan step)
    {
        if (!condition())
        {
            await Patience.UntilAsync(() =>
            {
                _time.Advance(step);
                return SpinWait.SpinUntil(condition, TimeSpan.FromMilliseconds(200));
            });
        }
    }
}
