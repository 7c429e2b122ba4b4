using Harmonia.Cache.Catalog;
using Harmonia.Cache.Metrics;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Catalog;

/// <summary>
/// Random histories of a store and of what is announced of it. Whatever was remembered, evicted or renumbered meanwhile: an answer is what the
/// store had at some moment after the last announced change of the path, and not longer ago than the greatest age.
/// </summary>
public sealed class CachingCatalogHistoryTests
{
    private const int Paths = 400;
    private const int Capacity = 400_000;
    private const int Names = 5_000;
    private const int Gone = 0;

    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);
    private static readonly StorePath[] Others = [.. Enumerable.Range(1_000, Names).Select(i => FakeStore.PathOf(FakeStore.Hash(i))).Order()];

    private FakeTime _time = null!;
    private StoreFreshness _freshness = null!;
    private VersionedStore _store = null!;
    private Attachments _attachments = null!;
    private StoreInventory _inventory = null!;
    private CachingCatalog _catalog = null!;

    [SetUp]
    public void Start()
    {
        _time = new FakeTime();
        _store = new VersionedStore();
        _attachments = new Attachments();
        CacheStatistics statistics = new(_time);
        _freshness = new StoreFreshness(MaxAge, _time);
        Quarantine quarantine = new(new StoreFiles("/nix/store"), _freshness, statistics, NullLogger<Quarantine>.Instance);
        _inventory = new StoreInventory(_store, _freshness, Capacity);
        _catalog = new CachingCatalog(_store, _attachments, _freshness, quarantine, _inventory, Capacity, Capacity, statistics);
    }

    [TearDown]
    public async Task StopAsync()
    {
        _catalog.Dispose();
        await _inventory.DisposeAsync();
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public async Task No_answer_is_older_than_the_last_announced_change(int seed)
    {
        Random random = new(seed);
        // For each path, its versions and when the last of them became old; only those that may still be answered.
        List<(int Version, long Until)>[] allowed = [.. Enumerable.Range(0, Paths).Select(_ => new List<(int, long)> { (Gone, long.MaxValue) })];
        HashSet<int> unannounced = [];
        int answeredFromMemory = 0;
        for (int step = 0; step < 30_000; step++)
        {
            int path = random.Next(Paths);
            switch (random.Next(20))
            {
                case < 2:
                    // Perhaps several times before it is announced.
                    Change(random, path, allowed[path]);
                    unannounced.Add(path);
                    break;
                case 2 when unannounced.Count > 0:
                    int[] named = [.. unannounced.Where(_ => random.Next(3) > 0)];
                    _freshness.Changed([.. named.Select(FakeStore.Hash)]);
                    unannounced.ExceptWith(named);
                    foreach (int one in named)
                        allowed[one].RemoveRange(0, allowed[one].Count - 1);
                    break;
                case 3 when random.Next(200) == 0:
                    _freshness.Changed(null);
                    unannounced.Clear();
                    foreach (List<(int, long)> versions in allowed)
                        versions.RemoveRange(0, versions.Count - 1);
                    break;
                case 4:
                    _time.Advance(TimeSpan.FromMilliseconds(random.Next(20)));
                    if (unannounced.Count == 0)
                        _freshness.CompleteUntil(_time.GetTimestamp());
                    break;
                case 5 when random.Next(50) == 0:
                    _catalog.Shrink();
                    break;
                case 6 when random.Next(50) == 0:
                    _attachments.Generation++;
                    break;
                case 7:
                    await AskAroundAChangeAsync(random, path, allowed[path]);
                    unannounced.Remove(path);
                    break;
                default:
                    int asked = _store.Asked;
                    ValidPathInfo? answer = await _catalog.FindAsync(FakeStore.Hash(path), CancellationToken.None);
                    answeredFromMemory += _store.Asked == asked ? 1 : 0;
                    CheckAnswer(path, answer, allowed[path]);
                    CheckAttachment(path);
                    break;
            }
        }

        Assert.That(answeredFromMemory, Is.GreaterThan(3_000), "Else this tests nothing.");
        Assert.That(_store.Listed, Is.Positive, "Else this tests no inventory.");
        Assert.That(_catalog.Usage.Sum(static usage => usage.Evictions()), Is.Positive);
    }

    [Test]
    public async Task No_answer_is_torn_or_old_while_others_change_evict_and_renumber()
    {
        int[] announced = new int[Paths];
        using CancellationTokenSource done = new();
        Task[] readers = [.. Enumerable.Range(0, 3).Select(reader => Task.Run(async () =>
        {
            Random random = new(reader);
            while (!done.IsCancellationRequested)
            {
                int path = random.Next(Paths);
                int least = Volatile.Read(ref announced[path]);
                ValidPathInfo? answer = await _catalog.FindAsync(FakeStore.Hash(path), CancellationToken.None);
                int version = (int)(answer?.Info.NarSize ?? Gone);
                Assert.That(version, Is.AtLeast(least));
                Assert.That(answer, Is.EqualTo(VersionedStore.InfoOf(path, version)));
            }
        }))];

        Random random = new(Paths);
        for (int version = 1; version < 4_000; version++)
        {
            int path = random.Next(Paths);
            _store.Set(path, version);
            _freshness.Changed([FakeStore.Hash(path)]);
            Volatile.Write(ref announced[path], version);
            await _catalog.FindAsync(FakeStore.Hash(random.Next(Paths)), CancellationToken.None);
            if (version % 50 == 0)
                _catalog.Shrink();
        }

        await done.CancelAsync();
        await Task.WhenAll(readers).InTime();
    }

    // The daemon has answered before the change, and the answer arrives after its announcement.
    private async Task AskAroundAChangeAsync(Random random, int path, List<(int Version, long Until)> allowed)
    {
        _store.Hold();
        Task<ValidPathInfo?> before = _catalog.FindAsync(FakeStore.Hash(path), CancellationToken.None).AsTask();
        List<(int, long)> allowedBefore = [.. allowed];
        Change(random, path, allowed);
        _freshness.Changed([FakeStore.Hash(path)]);
        allowed.RemoveRange(0, allowed.Count - 1);
        Task<ValidPathInfo?> after = _catalog.FindAsync(FakeStore.Hash(path), CancellationToken.None).AsTask();
        _store.Release();

        CheckAnswer(path, await before.InTime(), [.. allowedBefore, .. allowed]);
        CheckAnswer(path, await after.InTime(), allowed);
        CheckAnswer(path, await _catalog.FindAsync(FakeStore.Hash(path), CancellationToken.None), allowed);
    }

    private void Change(Random random, int path, List<(int Version, long Until)> allowed)
    {
        int version = random.Next(3) == 0 ? Gone : _store.NextVersion();
        _store.Set(path, version);
        allowed[^1] = (allowed[^1].Version, _time.GetTimestamp());
        allowed.Add((version, long.MaxValue));
    }

    private void CheckAnswer(int path, ValidPathInfo? answer, List<(int Version, long Until)> allowed)
    {
        int version = (int)(answer?.Info.NarSize ?? Gone);
        Assert.That(answer, Is.EqualTo(VersionedStore.InfoOf(path, version)));
        long now = _time.GetTimestamp();
        Assert.That(allowed.Where(one => one.Until == long.MaxValue || _time.GetElapsedTime(one.Until, now) <= MaxAge).Select(static one => one.Version), Does.Contain(version));
    }

    private void CheckAttachment(int path)
    {
        if (_catalog.TryRecall(FakeStore.Hash(path), out PathRecord record) && record.Exists)
            Assert.That(record.Attachment.SequenceEqual(_attachments.Of(record)));
    }

    // Tells for which path and with which keys it was made.
    private sealed class Attachments : IPathAttachments
    {
        public byte Generation { get; set; } = 1;

        public byte[] Of(PathRecord record) => [Generation, .. record.NarHashBytes];

        public bool Hold(ReadOnlySpan<byte> attachment) => attachment[0] == Generation;

        public byte[] Make(ValidPathInfo path, PathRecord record) => Of(record);
    }

    private sealed class VersionedStore : IStoreCatalog
    {
        private static readonly Dictionary<StorePathHash, int> Numbers = Enumerable.Range(0, Paths).ToDictionary(FakeStore.Hash);

        private readonly int[] _versions = new int[Paths];
        private TaskCompletionSource? _released;
        private int _asked;
        private int _version;
        private int _listed;

        public int Listed => Volatile.Read(ref _listed);

        public int Asked => Volatile.Read(ref _asked);

        /// <summary>The size of a NAR tells the version.</summary>
        public static ValidPathInfo? InfoOf(int path, int version)
        {
            if (version == Gone)
                return null;
            StorePath store = FakeStore.PathOf(FakeStore.Hash(path));
            Random random = new(version);
            int first = random.Next(Names - 40);
            return new ValidPathInfo
            {
                Path = store,
                Info = FakeStore.InfoOf(store) with
                {
                    NarSize = (ulong)version,
                    NarHash = NarHash.Of(BitConverter.GetBytes(version)),
                    References = Others[first..(first + random.Next(40))],
                },
            };
        }

        public int NextVersion() => ++_version;

        public void Set(int path, int version) => Volatile.Write(ref _versions[path], version);

        public void Hold() => _released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Release()
        {
            _released!.SetResult();
            _released = null;
        }

        public async ValueTask<ValidPathInfo?> FindAsync(StorePathHash hash, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _asked);
            int path = Numbers[hash];
            ValidPathInfo? answer = InfoOf(path, Volatile.Read(ref _versions[path]));
            if (_released is { } released)
                await released.Task;
            return answer;
        }

        public ValueTask<FirstPaths> FindReferrersAsync(StorePath path, int max, CancellationToken cancellationToken) =>
            ValueTask.FromException<FirstPaths>(new NotSupportedException());

        public ValueTask<CatalogState> CheckAsync(CancellationToken cancellationToken) => ValueTask.FromResult(CatalogState.Ready);

        public ValueTask<int> CountAsync(CancellationToken cancellationToken) => ValueTask.FromResult(Paths);

        public Task ListAsync(Action<StorePathHash> found, CancellationToken cancellationToken)
        {
            for (int path = 0; path < Paths; path++)
            {
                if (Volatile.Read(ref _versions[path]) != Gone)
                    found(FakeStore.Hash(path));
            }

            Interlocked.Increment(ref _listed);
            return Task.CompletedTask;
        }
    }
}
