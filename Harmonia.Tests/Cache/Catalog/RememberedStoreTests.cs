using Harmonia.Benchmarks.Servers.Store;
using Harmonia.Cache.Catalog;
using Harmonia.Cache.Limits;
using Harmonia.Cache.Metrics;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Catalog;

/// <summary>What it takes to remember a store of 100,000 paths: questions, exchanges, memory.</summary>
public sealed class RememberedStoreTests
{
    private const int Count = 100_000;
    private const int AtOnce = 500;
    private const int SignatureLength = 88;

    [Test]
    public async Task A_large_store_is_asked_for_once_and_takes_little_memory()
    {
        FakeTime time = new();
        CacheStatistics statistics = new(time);
        StoreFreshness freshness = new(TimeSpan.FromSeconds(1), time);
        Quarantine quarantine = new(new StoreFiles("/nix/store"), freshness, statistics, NullLogger<Quarantine>.Instance);
        ValidPathInfo[] paths = new ValidPathInfo[Count];
        Parallel.For(0, Count, number => paths[number] = new GeneratedPath(number).Info);
        Store store = new(paths);
        await using StoreInventory none = new(store, freshness, capacity: 0);
        using CachingCatalog catalog = new(store, new Attachments(), freshness, quarantine, none, pathCapacity: 64 << 20, missCapacity: 1 << 20, statistics);
        StorePathHash[] hashes = [.. paths.Select(static path => path.Path.Hash)];
        new Random(Count).Shuffle(hashes);

        foreach (StorePathHash[] some in hashes.Chunk(AtOnce))
        {
            store.Hold();
            Task[] lookups = [.. some.Select(hash => catalog.LookUpAsync(hash))];
            store.Answer();
            await Task.WhenAll(lookups).InTime();
        }

        CacheUsage usage = catalog.Usage.Single(static usage => usage.Name == "paths");
        TestContext.Out.WriteLine($"{usage.Bytes() / Count} bytes for each path, {store.Exchanges} exchanges");
        Assert.That(store.Asked, Is.EqualTo(Count));
        Assert.That(store.Exchanges, Is.AtMost(2 * Count / AtOnce), "Those that come while an exchange is under way share the next.");
        Assert.That((usage.Entries(), usage.Evictions()), Is.EqualTo((Count, 0)));
        Assert.That(usage.Bytes() / Count, Is.AtMost(330));

        int recalled = 0;
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (StorePathHash hash in hashes)
            recalled += catalog.TryRecall(hash, out PathRecord record) && ReadAll(record) ? 1 : 0;
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.AtMost(Count / 10), "Nothing for each path.");
        Assert.That(recalled, Is.EqualTo(Count));
        Assert.That(store.Asked, Is.EqualTo(Count));
    }

    private static bool ReadAll(PathRecord record)
    {
        while (record.NextReference(out ReadOnlySpan<byte> hash, out ReadOnlySpan<byte> name))
        {
            if (hash.IsEmpty || name.IsEmpty)
                return false;
        }

        while (record.NextSignature(out ReadOnlySpan<byte> key, out _))
        {
            if (key.IsEmpty)
                return false;
        }

        return record.Attachment.Length == SignatureLength;
    }

    // As long as one signature, the digest and the number of the keys.
    private sealed class Attachments : IPathAttachments
    {
        public bool Hold(ReadOnlySpan<byte> attachment) => attachment.Length == SignatureLength;

        public byte[] Make(ValidPathInfo path, PathRecord record) => new byte[SignatureLength];
    }

    // Answers when it is told to.
    private sealed class Store : IStoreCatalog
    {
        private readonly Dictionary<StorePathHash, ValidPathInfo> _paths;
        private readonly LookupQueue _queue;
        private TaskCompletionSource _answers = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _asked;
        private int _exchanges;

        public Store(IEnumerable<ValidPathInfo> paths)
        {
            _paths = paths.ToDictionary(static path => path.Path.Hash);
            _queue = new LookupQueue(AskAsync);
        }

        public int Asked => _asked;

        public int Exchanges => _exchanges;

        public void Hold() => Volatile.Write(ref _answers, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

        public void Answer() => _answers.SetResult();

        public ValueTask<ValidPathInfo?> FindAsync(StorePathHash hash, CancellationToken cancellationToken) => _queue.FindAsync(hash);

        public ValueTask<FirstPaths> FindReferrersAsync(StorePath path, int max, CancellationToken cancellationToken) =>
            ValueTask.FromException<FirstPaths>(new NotSupportedException());

        public ValueTask<CatalogState> CheckAsync(CancellationToken cancellationToken) => ValueTask.FromResult(CatalogState.Ready);

        public ValueTask<int> CountAsync(CancellationToken cancellationToken) => ValueTask.FromResult(Count);

        public Task ListAsync(Action<StorePathHash> found, CancellationToken cancellationToken) => throw new NotSupportedException();

        private async Task<IReadOnlyList<ValidPathInfo?>> AskAsync(IReadOnlyList<StorePathHash> hashes)
        {
            Interlocked.Add(ref _asked, hashes.Count);
            Interlocked.Increment(ref _exchanges);
            await Volatile.Read(ref _answers).Task;
            return [.. hashes.Select(_paths.GetValueOrDefault)];
        }
    }
}
