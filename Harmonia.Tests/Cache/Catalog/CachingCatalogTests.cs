using System.Collections.Concurrent;
using Harmonia.Cache.Catalog;
using Harmonia.Cache.Limits;
using Harmonia.Cache.Metrics;
using Harmonia.Protocol.Client;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Catalog;

/// <summary>Which answers are cached, for how long, and how often the daemon gets a request.</summary>
public sealed class CachingCatalogTests
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly StorePathHash Hash = FakeStore.Hash(1);
    private static readonly StorePathHash Missing = FakeStore.Hash(2);

    private FakeTime _time = null!;
    private StoreFreshness _freshness = null!;
    private CacheStatistics _statistics = null!;
    private Origin _origin = null!;
    private Quarantine _quarantine = null!;
    private Attachments _attachments = null!;
    private StoreInventory _inventory = null!;
    private CachingCatalog _catalog = null!;

    [SetUp]
    public void Start()
    {
        _time = new FakeTime();
        _freshness = new StoreFreshness(MaxAge, _time);
        _statistics = new CacheStatistics(_time);
        _origin = new Origin();
        _origin.Paths[Hash] = Info(Hash, narSize: 100);
        _quarantine = new Quarantine(new StoreFiles("/nix/store"), _freshness, _statistics, NullLogger<Quarantine>.Instance);
        _attachments = new Attachments();
        _inventory = new StoreInventory(_origin, _freshness, capacity: 1 << 20);
        _catalog = new CachingCatalog(
            _origin, _attachments, _freshness, _quarantine, _inventory, pathCapacity: 1 << 20, missCapacity: 1 << 20, _statistics);
    }

    [TearDown]
    public async Task StopAsync()
    {
        _catalog.Dispose();
        await _inventory.DisposeAsync();
    }

    [Test]
    public async Task An_answer_is_given_again_while_it_holds()
    {
        ValidPathInfo? first = await _catalog.FindAsync(Hash, None);
        ValueTask<ValidPathInfo?> second = _catalog.FindAsync(Hash, None);

        Assert.That(second.IsCompletedSuccessfully, "A hit waits for nothing.");
        Assert.That(await second, Is.EqualTo(first));
        Assert.That(_origin.Asked, Is.EqualTo(1));
        Assert.That((_statistics[LookupOutcome.Miss], _statistics[LookupOutcome.Hit]), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task That_a_path_is_not_there_is_remembered_too()
    {
        Assert.That(await _catalog.FindAsync(Missing, None), Is.Null);
        Assert.That(await _catalog.FindAsync(Missing, None), Is.Null);

        Assert.That(_origin.Asked, Is.EqualTo(1));
    }

    [Test]
    public async Task An_answer_that_is_too_old_is_requested_again_and_keeps_its_attachment_if_it_is_equal()
    {
        ValidPathInfo? first = await _catalog.FindAsync(Hash, None);
        _origin.Paths[Hash] = Info(Hash, narSize: 100);
        _time.Advance(MaxAge);

        Assert.That(await _catalog.FindAsync(Hash, None), Is.EqualTo(first));
        Assert.That(_origin.Asked, Is.EqualTo(2));
        Assert.That(_attachments.Made, Is.EqualTo(1));
        Assert.That(_statistics[LookupOutcome.Revalidated], Is.EqualTo(1));

        await _catalog.FindAsync(Hash, None);
        Assert.That(_origin.Asked, Is.EqualTo(2), "It is young again.");
    }

    [Test]
    public async Task A_path_that_is_deleted_is_not_answered_longer_than_the_greatest_age()
    {
        await _catalog.FindAsync(Hash, None);
        _origin.Paths.TryRemove(Hash, out _);
        _time.Advance(MaxAge);

        Assert.That(await _catalog.FindAsync(Hash, None), Is.Null);
        Assert.That(_statistics[LookupOutcome.Changed], Is.EqualTo(1));
    }

    [Test]
    public async Task A_path_that_appears_is_answered_when_the_change_is_announced()
    {
        await _catalog.FindAsync(Missing, None);
        _origin.Paths[Missing] = Info(Missing, narSize: 7);

        _freshness.Changed(null);

        Assert.That((await _catalog.FindAsync(Missing, None))!.Info.NarSize, Is.EqualTo(7));
        Assert.That(_catalog.Usage.Select(usage => usage.Entries()), Is.EqualTo([1, 0]));
    }

    [Test]
    public async Task A_path_added_again_with_other_contents_is_answered_when_the_change_is_announced()
    {
        await _catalog.FindAsync(Hash, None);
        _origin.Paths[Hash] = Info(Hash, narSize: 101);

        _freshness.Changed([Hash]);

        Assert.That((await _catalog.FindAsync(Hash, None))!.Info.NarSize, Is.EqualTo(101));
    }

    [Test]
    public async Task However_many_ask_at_once_it_is_looked_up_once()
    {
        _origin.Hold();
        Task<ValidPathInfo?>[] asked = [.. Enumerable.Range(0, 100).Select(_ => _catalog.FindAsync(Hash, None).AsTask())];
        _origin.Release();

        ValidPathInfo?[] answers = await Task.WhenAll(asked).InTime();

        Assert.That(_origin.Asked, Is.EqualTo(1));
        Assert.That(answers, Has.All.SameAs(answers[0]));
        Assert.That(_attachments.Made, Is.EqualTo(1));
        Assert.That(_statistics[LookupOutcome.Shared], Is.EqualTo(99));
    }

    [Test]
    public async Task Who_asks_after_a_change_does_not_share_a_lookup_from_before()
    {
        _origin.Hold();
        Task<ValidPathInfo?> before = _catalog.FindAsync(Hash, None).AsTask();
        _freshness.Changed(null);
        Task<ValidPathInfo?> after = _catalog.FindAsync(Hash, None).AsTask();
        _origin.Release();

        await Task.WhenAll(before, after).InTime();

        Assert.That(_origin.Asked, Is.EqualTo(2));
    }

    [Test]
    public async Task An_answer_that_was_pending_during_a_change_is_requested_again()
    {
        _origin.Hold();
        Task<ValidPathInfo?> asked = _catalog.FindAsync(Hash, None).AsTask();
        _freshness.Changed(null);
        _origin.Release();
        await asked.InTime();

        await _catalog.FindAsync(Hash, None);

        Assert.That(_origin.Asked, Is.EqualTo(2));
    }

    [Test]
    public async Task A_failure_reaches_all_callers_that_share_the_lookup_and_is_not_cached()
    {
        _origin.Failure = new DaemonUnavailableException("away", new IOException());
        _origin.Hold();
        Task<ValidPathInfo?>[] asked = [.. Enumerable.Range(0, 3).Select(_ => _catalog.FindAsync(Hash, None).AsTask())];
        _origin.Release();
        foreach (Task<ValidPathInfo?> one in asked)
            await Assert.ThatAsync(() => one.InTime(), Throws.TypeOf<DaemonUnavailableException>());

        _origin.Failure = null;

        Assert.That(await _catalog.FindAsync(Hash, None), Is.Not.Null);
    }

    [Test]
    public async Task A_failure_does_not_bring_an_old_answer_back()
    {
        await _catalog.FindAsync(Hash, None);
        _freshness.Changed(null);
        _origin.Failure = new DaemonUnavailableException("away", new IOException());

        await Assert.ThatAsync(() => _catalog.FindAsync(Hash, None).AsTask(), Throws.TypeOf<DaemonUnavailableException>());
    }

    [Test]
    public async Task A_flood_of_questions_for_what_is_not_there_takes_bounded_memory_and_pushes_nothing_out()
    {
        const int Capacity = 400_000;
        await using StoreInventory none = new(_origin, _freshness, capacity: 0);
        using CachingCatalog catalog = new(_origin, _attachments, _freshness, _quarantine, none, pathCapacity: Capacity, missCapacity: Capacity, _statistics);
        await catalog.FindAsync(Hash, None);

        for (int i = 10; i < 20_000; i++)
            await catalog.FindAsync(FakeStore.Hash(i), None);

        Assert.That(catalog.Usage.Sum(usage => usage.Bytes()), Is.AtMost(2 * Capacity));
        Assert.That(catalog.Usage.Single(usage => usage.Name == "misses").Evictions(), Is.Positive);
        long asked = _origin.Asked;
        await catalog.FindAsync(Hash, None);
        Assert.That(_origin.Asked, Is.EqualTo(asked), "The path is still remembered.");
    }

    [Test]
    public async Task An_attachment_that_does_not_hold_any_more_is_made_again()
    {
        await _catalog.FindAsync(Hash, None);
        _attachments.Generation++;

        Assert.That(_catalog.TryRecall(Hash, out _), Is.False);
        await _catalog.FindAsync(Hash, None);

        Assert.That(Attachment(), Is.EqualTo(new[] { _attachments.Generation }));
        Assert.That((_origin.Asked, _attachments.Made), Is.EqualTo((2, 2)));
    }

    [Test]
    public async Task A_path_in_quarantine_is_not_remembered()
    {
        ValidPathInfo path = (await _catalog.FindAsync(Hash, None))!;

        _quarantine.Add(path, identity: default, NarHash.Of("other"u8));

        Assert.That(_catalog.TryRecall(Hash, out _), Is.False);
        await _catalog.FindAsync(Hash, None);
        Assert.That(_catalog.TryRecall(Hash, out _), Is.False);
    }

    [Test]
    public async Task Names_of_paths_that_are_gone_make_room_for_others()
    {
        const int Generation = 1_000;
        const int Capacity = 1_500_000;
        using CachingCatalog catalog = new(_origin, _attachments, _freshness, _quarantine, _inventory, pathCapacity: Capacity, missCapacity: Capacity, _statistics);
        CacheUsage paths = catalog.Usage.Single(usage => usage.Name == "paths");
        long most = 0;
        for (int generation = 1; generation <= 30; generation++)
        {
            StorePathHash[] hashes = [.. Enumerable.Range(generation * Generation, Generation).Select(FakeStore.Hash)];
            for (int i = 0; i < Generation; i++)
                _origin.Paths[hashes[i]] = Referring(hashes[i], [.. Enumerable.Range(1, 10).Select(k => hashes[(i + k * k) % Generation])]);
            foreach (StorePathHash hash in hashes)
                await catalog.FindAsync(hash, None);

            long asked = _origin.Asked;
            foreach (StorePathHash hash in hashes[^500..])
                Assert.That(await catalog.FindAsync(hash, None), Is.EqualTo(_origin.Paths[hash]));
            Assert.That(_origin.Asked, Is.EqualTo(asked));
            most = Math.Max(most, paths.Entries());
        }

        Assert.That(paths.Evictions(), Is.Positive);
        Assert.That(paths.Entries(), Is.AtLeast(most / 2), "The last generation takes no more than the first ones.");
        catalog.Shrink();
        Assert.That(paths.Bytes(), Is.AtMost(Capacity / 2));
    }

    [Test]
    public async Task Only_what_has_changed_is_forgotten()
    {
        StorePathHash[] hashes = [.. Enumerable.Range(100, 20_000).Select(FakeStore.Hash)];
        using CachingCatalog catalog = new(_origin, _attachments, _freshness, _quarantine, _inventory, pathCapacity: 32 << 20, missCapacity: 8 << 20, _statistics);
        foreach (StorePathHash hash in hashes)
            await catalog.FindAsync(hash, None);
        long asked = _origin.Asked;

        _freshness.Changed(hashes[..10]);

        foreach (StorePathHash hash in hashes)
            await catalog.FindAsync(hash, None);
        Assert.That(_origin.Asked - asked, Is.EqualTo(10));
    }

    private byte[] Attachment() => _catalog.TryRecall(Hash, out PathRecord record) ? record.Attachment.ToArray() : [];

    private static ValidPathInfo Info(StorePathHash hash, ulong narSize)
    {
        StorePath path = FakeStore.PathOf(hash);
        return new ValidPathInfo { Path = path, Info = FakeStore.InfoOf(path) with { NarSize = narSize } };
    }

    private static ValidPathInfo Referring(StorePathHash hash, StorePathHash[] others)
    {
        ValidPathInfo info = Info(hash, narSize: 5);
        return info with { Info = info.Info with { References = [.. others.Order().Select(FakeStore.PathOf)] } };
    }

    private sealed class Attachments : IPathAttachments
    {
        private int _made;

        public byte Generation { get; set; } = 1;

        public int Made => Volatile.Read(ref _made);

        public bool Hold(ReadOnlySpan<byte> attachment) => attachment.SequenceEqual([Generation]);

        public byte[] Make(ValidPathInfo path, PathRecord record)
        {
            Interlocked.Increment(ref _made);
            return [Generation];
        }
    }

    private sealed class Origin : IStoreCatalog
    {
        private TaskCompletionSource _released = Released();
        private long _asked;

        public ConcurrentDictionary<StorePathHash, ValidPathInfo> Paths { get; } = new();

        public Exception? Failure { get; set; }

        public long Asked => Interlocked.Read(ref _asked);

        public void Hold() => _released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Release() => _released.SetResult();

        public async ValueTask<ValidPathInfo?> FindAsync(StorePathHash hash, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _asked);
            await _released.Task.WaitAsync(cancellationToken);
            return Failure is null ? Paths.GetValueOrDefault(hash) : throw Failure;
        }

        public ValueTask<FirstPaths> FindReferrersAsync(StorePath path, int max, CancellationToken cancellationToken) =>
            ValueTask.FromException<FirstPaths>(new NotSupportedException());

        public ValueTask<CatalogState> CheckAsync(CancellationToken cancellationToken) => ValueTask.FromResult(CatalogState.Ready);

        public ValueTask<int> CountAsync(CancellationToken cancellationToken) => ValueTask.FromResult(Paths.Count);

        public Task ListAsync(Action<StorePathHash> found, CancellationToken cancellationToken)
        {
            foreach (StorePathHash hash in Paths.Keys)
                found(hash);
            return Task.CompletedTask;
        }

        private static TaskCompletionSource Released()
        {
            TaskCompletionSource released = new();
            released.SetResult();
            return released;
        }
    }
}
