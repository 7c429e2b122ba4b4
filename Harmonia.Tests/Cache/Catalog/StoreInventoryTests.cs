using Harmonia.Cache.Catalog;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Catalog;

public sealed class StoreInventoryTests
{
    private const int Capacity = 1 << 20;
    private const int MinMisses = 256;

    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);
    private static readonly StorePathHash There = FakeStore.Hash(1);
    private static readonly StorePathHash Missing = FakeStore.Hash(2);

    private FakeTime _time = null!;
    private StoreFreshness _freshness = null!;
    private Store _store = null!;
    private StoreInventory _inventory = null!;

    [SetUp]
    public void Start()
    {
        _time = new FakeTime();
        _freshness = new StoreFreshness(MaxAge, _time);
        _freshness.CompleteUntil(_time.GetTimestamp());
        _store = new Store();
        _store.Paths.Add(There);
        _inventory = Create(Capacity);
    }

    [TearDown]
    public async Task StopAsync() => await _inventory.DisposeAsync();

    [Test]
    public async Task It_is_read_when_that_costs_no_more_than_the_misses_have()
    {
        Miss(MinMisses - 1);
        Assert.That(_store.Listed, Is.Zero);
        Assert.That(_inventory.Lacks(Missing), Is.False);

        Miss(1);

        await Patience.UntilAsync(() => _inventory.Lacks(Missing));
        Assert.That(_inventory.Lacks(There), Is.False);
        Assert.That(_store.Listed, Is.EqualTo(1));
        Assert.That((_inventory.Usage.Bytes(), _inventory.Usage.Entries()), Is.EqualTo((128, 1)));
    }

    [Test]
    public async Task A_large_store_is_read_again_only_after_more_misses()
    {
        for (int path = 0; path < 16_000; path++)
            _store.Paths.Add(FakeStore.Hash(1_000 + path));
        Miss(MinMisses);
        await Patience.UntilAsync(() => _inventory.Lacks(Missing));

        Miss(999);
        Assert.That(_store.Listed, Is.EqualTo(1));
        Miss(1);

        await Patience.UntilAsync(() => _store.Listed == 2);
    }

    [Test]
    public async Task A_path_that_was_perhaps_added_is_not_denied()
    {
        await ReadAsync();

        _inventory.Changed(Missing);

        Assert.That(_inventory.Lacks(Missing), Is.False);
    }

    [Test]
    public async Task A_path_that_is_added_while_it_is_read_is_not_denied()
    {
        StorePathHash added = FakeStore.Hash(3);
        _store.WhenRead = () => _inventory.Changed(added);

        await ReadAsync();

        Assert.That(_inventory.Lacks(added), Is.False);
    }

    [Test]
    public async Task When_any_path_may_have_changed_it_denies_none()
    {
        await ReadAsync();

        _freshness.Changed(null);
        Assert.That(_inventory.Lacks(Missing), Is.False);

        await ReadAsync();
    }

    [Test]
    public async Task When_any_path_may_have_changed_while_it_is_read_it_denies_none()
    {
        bool isRead = false;
        _store.WhenRead = () =>
        {
            _freshness.Changed(null);
            Volatile.Write(ref isRead, true);
        };
        Miss(MinMisses);
        await Patience.UntilAsync(() => Volatile.Read(ref isRead) && _inventory.Usage.Entries() > 0);

        Assert.That(_inventory.Lacks(Missing), Is.False);
    }

    [Test]
    public async Task It_holds_as_long_as_announcements_are_complete()
    {
        await ReadAsync();

        for (int i = 0; i < 10; i++)
        {
            _time.Advance(MaxAge / 2);
            _freshness.CompleteUntil(_time.GetTimestamp());
        }

        Assert.That(_inventory.Lacks(Missing), Is.True);
        _time.Advance(MaxAge);
        Assert.That(_inventory.Lacks(Missing), Is.False);
    }

    [Test]
    public async Task After_a_failure_it_is_tried_again()
    {
        _store.Failure = new IOException("away");
        Miss(MinMisses);
        await Patience.UntilAsync(() => _store.Counted == 1);
        Assert.That(_inventory.Lacks(Missing), Is.False);

        _store.Failure = null;

        await ReadAsync();
    }

    [Test]
    public async Task Without_memory_it_is_never_read()
    {
        await using StoreInventory none = Create(capacity: 0);

        for (int i = 0; i < 10 * MinMisses; i++)
            none.Missed();

        Assert.That(_store.Counted, Is.Zero);
    }

    [Test]
    public async Task Without_announcements_it_is_never_read()
    {
        _time.Advance(MaxAge);
        Miss(10 * MinMisses);
        Assert.That(_store.Counted, Is.Zero);

        _freshness.CompleteUntil(_time.GetTimestamp());
        Miss(1);

        await Patience.UntilAsync(() => _inventory.Lacks(Missing));
    }

    [Test]
    public async Task Its_end_does_not_wait_for_the_daemon()
    {
        StoreInventory reading = Create(Capacity);
        _store.Hangs = true;
        for (int i = 0; i < MinMisses; i++)
            reading.Missed();
        await Patience.UntilAsync(() => _store.Counted == 1);

        await reading.DisposeAsync().AsTask().InTime();
    }

    private StoreInventory Create(long capacity) => new(_store, _freshness, capacity);

    private async Task ReadAsync() => await Patience.UntilAsync(() =>
    {
        Miss(MinMisses);
        return _inventory.Lacks(FakeStore.Hash(4));
    });

    private void Miss(int times)
    {
        for (int i = 0; i < times; i++)
            _inventory.Missed();
    }

    private sealed class Store : IStoreCatalog
    {
        private int _counted;
        private int _listed;

        public HashSet<StorePathHash> Paths { get; } = [];

        public Exception? Failure { get; set; }

        public bool Hangs { get; set; }

        public Action WhenRead { get; set; } = static () => { };

        public int Counted => Volatile.Read(ref _counted);

        public int Listed => Volatile.Read(ref _listed);

        public async ValueTask<int> CountAsync(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _counted);
            if (Hangs)
                await Task.Delay(Timeout.Infinite, cancellationToken);
            return Failure is null ? Paths.Count : throw Failure;
        }

        public Task ListAsync(Action<StorePathHash> found, CancellationToken cancellationToken)
        {
            foreach (StorePathHash hash in Paths)
                found(hash);
            WhenRead();
            Interlocked.Increment(ref _listed);
            return Task.CompletedTask;
        }

        public ValueTask<ValidPathInfo?> FindAsync(StorePathHash hash, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<FirstPaths> FindReferrersAsync(StorePath path, int max, CancellationToken cancellationToken) =>
            ValueTask.FromException<FirstPaths>(new NotSupportedException());

        public ValueTask<CatalogState> CheckAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
