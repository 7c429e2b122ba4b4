using Harmonia.Cache.Catalog;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Catalog;

public sealed class ClosureWalkTests
{
    private InMemoryCatalog _catalog = null!;

    [SetUp]
    public void MakeCatalog() => _catalog = new InMemoryCatalog();

    [Test]
    public async Task Every_path_counts_once()
    {
        ValidPathInfo start = Add(0, 0, 1, 2);
        Add(1, 2, 3);
        Add(2, 3);
        Add(3);
        Add(4);

        Assert.That(await MeasureAsync(start), Is.EqualTo(new ClosureSize(4, 1 + 10 + 100 + 1000, IsWhole: true)));
    }

    [Test]
    public async Task What_is_missing_or_has_no_size_makes_it_more_than_that()
    {
        ValidPathInfo start = Add(0, 1, 9);
        ValidPathInfo other = Add(1);

        Assert.That(await MeasureAsync(start), Is.EqualTo(new ClosureSize(2, 11, IsWhole: false)));
        Assert.That(await MeasureAsync(other), Is.EqualTo(new ClosureSize(1, 10, IsWhole: true)));
        Assert.That((await MeasureAsync(other with { Info = other.Info with { NarSize = 0 } })).IsWhole, Is.False);
    }

    [TestCase(4999, true)]
    [TestCase(20_000, false)]
    public async Task A_large_closure_is_not_walked_to_its_end(int length, bool isWhole)
    {
        for (int number = 1; number < length; number++)
            Add(number);
        ValidPathInfo start = Add(0, [.. Enumerable.Range(1, length - 1)]);

        ClosureSize size = await MeasureAsync(start);

        Assert.That(size.IsWhole, Is.EqualTo(isWhole));
        Assert.That(size.Paths, Is.EqualTo(Math.Min(length, 5000)));
    }

    [Test]
    public async Task Time_ends_it_too()
    {
        ValidPathInfo start = Add(0, 1);
        ClosureWalk walk = new(new SilentCatalog());

        Assert.That(await walk.MeasureAsync(start, CancellationToken.None).InTime(), Is.EqualTo(new ClosureSize(1, 1, IsWhole: false)));
    }

    [Test]
    public void A_failure_of_the_daemon_is_one_of_the_walk()
    {
        ValidPathInfo start = Add(0, 1);
        _catalog.Failure = new IOException("away");

        Assert.That(() => MeasureAsync(start), Throws.TypeOf<IOException>());
    }

    private Task<ClosureSize> MeasureAsync(ValidPathInfo start) => new ClosureWalk(_catalog).MeasureAsync(start, CancellationToken.None);

    private ValidPathInfo Add(int number, params int[] references)
    {
        StorePath path = FakeStore.PathOf(FakeStore.Hash(number));
        return _catalog.Add(new ValidPathInfo
        {
            Path = path,
            Info = FakeStore.InfoOf(path) with
            {
                NarSize = number > 9 ? 1 : (ulong)Math.Pow(10, number),
                References = [.. references.Select(reference => FakeStore.PathOf(FakeStore.Hash(reference)))],
            },
        });
    }

    private sealed class SilentCatalog : IStoreCatalog
    {
        public ValueTask<ValidPathInfo?> FindAsync(StorePathHash hash, CancellationToken cancellationToken) =>
            new(new TaskCompletionSource<ValidPathInfo?>().Task);

        public ValueTask<FirstPaths> FindReferrersAsync(StorePath path, int max, CancellationToken cancellationToken) =>
            ValueTask.FromException<FirstPaths>(new NotSupportedException());

        public Task ListAsync(Action<StorePathHash> found, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<CatalogState> CheckAsync(CancellationToken cancellationToken) => ValueTask.FromResult(CatalogState.Silent);

        public ValueTask<int> CountAsync(CancellationToken cancellationToken) => ValueTask.FromException<int>(new NotSupportedException());
    }
}
