using System.Text;
using Harmonia.Cache.Catalog;
using Harmonia.Cache.Http;
using Harmonia.Cache.Metrics;
using Harmonia.Cache.Nar;
using Harmonia.Protocol.Nar;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Nar;

public sealed class StoreNarsTests
{
    private const long Capacity = 1 << 20;

    private readonly TemporaryDirectory _store = new();
    private readonly CapturedLog _log = new();

    [TearDown]
    public void RemoveFiles() => Directory.Delete(_store.Path, recursive: true);

    [SetUp]
    public void MakeStore() => Directory.CreateDirectory(_store.Path);

    [OneTimeTearDown]
    public void RemoveStore()
    {
        _store.Dispose();
        _log.Dispose();
    }

    [Test]
    public async Task Index_is_kept_while_root_and_hash_stay()
    {
        ValidPathInfo path = Add("one", size: 100_000);
        using StoreNars nars = Nars(Capacity, Capacity);

        NarIndex first = await IndexAsync(nars, path);

        Assert.That(await IndexAsync(nars, path), Is.SameAs(first));
        Assert.That(await IndexAsync(nars, path with { Info = path.Info with { NarHash = NarHash.Of("other"u8) } }), Is.Not.SameAs(first));
        File.Move(FileOf(path), FileOf(path) + ".old");
        File.Copy(FileOf(path) + ".old", FileOf(path));
        Assert.That(await IndexAsync(nars, path), Is.Not.SameAs(first));
    }

    [Test]
    public async Task Many_at_once_share_one_reading()
    {
        ValidPathInfo path = Add("one", size: 100_000);
        using StoreNars nars = Nars(Capacity, Capacity);

        NarIndex[] indexes = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => IndexAsync(nars, path))));

        Assert.That(indexes.Distinct().ToList(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Indexes_stay_within_their_bytes()
    {
        using StoreNars nars = Nars(indexCapacity: 2_000, smallCapacity: 0);
        for (int i = 0; i < 20; i++)
            await IndexAsync(nars, Add($"path-{i}", size: 100));

        Assert.That(nars.Usage[0].Bytes(), Is.InRange(1, 2_000));
        Assert.That(nars.Usage[0].Evictions(), Is.Positive);
    }

    [Test]
    public async Task Nothing_is_kept_without_capacity()
    {
        ValidPathInfo path = Add("one", size: 100);
        using StoreNars nars = Nars(indexCapacity: 0, smallCapacity: 0);

        NarIndex first = await IndexAsync(nars, path);

        Assert.That(await IndexAsync(nars, path), Is.Not.SameAs(first));
        Assert.That(nars.TryGetSmall(NarKey.Of(path), out _), Is.False);
    }

    [Test]
    public async Task Small_nar_is_kept_whole_and_needs_no_files()
    {
        ValidPathInfo path = Add("one", size: 1_000);
        using StoreNars nars = Nars(Capacity, Capacity);
        using (await nars.OpenAsync(path, isWhole: true, CancellationToken.None))
            File.Delete(FileOf(path));

        Assert.That(nars.TryGetSmall(NarKey.Of(path), out byte[]? nar));
        Assert.That(NarHash.Of(nar), Is.EqualTo(path.Info.NarHash));
        Assert.That(nars.TryGetSmall(NarKey.Of(path with { Info = path.Info with { NarHash = NarHash.Of("other"u8) } }), out _), Is.False);
    }

    [Test]
    public async Task Nar_stays_verified_when_its_index_had_to_go_until_its_root_is_another_file()
    {
        ValidPathInfo path = Add("one", size: 100_000);
        using StoreNars nars = Nars(indexCapacity: 0, Capacity);
        using (OpenNar first = await nars.OpenAsync(path, isWhole: false, CancellationToken.None))
        {
            Assert.That(first.IsVerified, Is.False);
            using NarHasher hasher = new();
            await using NarReadAhead pieces = first.ReadAhead(new ByteRange(0, first.Index.NarSize));
            while (await pieces.ReadAsync() is { IsEmpty: false } piece)
                hasher.Append(piece.Span);
            first.Verify(hasher);
        }

        using (OpenNar again = await nars.OpenAsync(path, isWhole: false, CancellationToken.None))
            Assert.That(again.IsVerified);
        File.Move(FileOf(path), FileOf(path) + ".old");
        File.Copy(FileOf(path) + ".old", FileOf(path));
        using OpenNar replaced = await nars.OpenAsync(path, isWhole: false, CancellationToken.None);
        Assert.That(replaced.IsVerified, Is.False);
    }

    [Test]
    public async Task Large_nar_is_not_kept_whole()
    {
        ValidPathInfo path = Add("one", size: (int)StoreNars.SmallNar);
        using StoreNars nars = Nars(Capacity, Capacity);

        using (await nars.OpenAsync(path, isWhole: true, CancellationToken.None))
            Assert.That(nars.TryGetSmall(NarKey.Of(path), out _), Is.False);
    }

    [Test]
    public async Task Parts_of_an_indexed_nar_are_read_while_its_root_stays()
    {
        ValidPathInfo path = Add("one", size: 200_000);
        using StoreNars nars = Nars(Capacity, Capacity);
        ByteRange part = new(150_000, 50_000);

        Assert.That(nars.TryReadCached(PathRecords.Of(path), part, out _), Is.False, "There is no index yet.");
        await IndexAsync(nars, path);
        Assert.That(nars.TryReadCached(PathRecords.Of(path), part, out byte[]? bytes));
        Assert.That(bytes, Is.EqualTo(Dump(path).AsSpan(150_000, 50_000).ToArray()));
        Assert.That(nars.TryReadCached(PathRecords.Of(path), new ByteRange(0, StoreNars.SmallNar + 1), out _), Is.False);
        Assert.That(nars.TryReadCached(PathRecords.Of(path with { Info = path.Info with { NarSize = 200_000 } }), part, out _), Is.False);
        File.SetLastWriteTimeUtc(FileOf(path), DateTime.UnixEpoch);
        Assert.That(nars.TryReadCached(PathRecords.Of(path), part, out _), Is.False);
    }

    [Test]
    public async Task Small_nar_for_which_there_was_no_room_is_read_again_and_has_its_hash()
    {
        ValidPathInfo path = Add("tree", file =>
        {
            Directory.CreateDirectory(file);
            File.WriteAllText(Path.Combine(file, "below"), "contents");
        });
        using StoreNars nars = Nars(Capacity, smallCapacity: 0);
        using (await nars.OpenAsync(path, isWhole: true, CancellationToken.None))
            Assert.That(nars.TryGetSmall(NarKey.Of(path), out _), Is.False);
        ByteRange whole = new(0, (long)path.Info.NarSize);

        Assert.That(nars.TryReadCached(PathRecords.Of(path), whole, out byte[]? bytes));
        Assert.That(bytes, Is.EqualTo(Dump(path)));
        File.WriteAllText(Path.Combine(FileOf(path), "below"), "CONTENTS");
        Assert.That(nars.TryReadCached(PathRecords.Of(path), whole, out _), Is.False);
    }

    [Test]
    public async Task Small_nar_that_is_read_again_is_kept_if_there_is_room()
    {
        ValidPathInfo path = Add("one", size: 1_000);
        using StoreNars nars = Nars(Capacity, Capacity);
        await IndexAsync(nars, path);
        nars.Shrink();
        using StoreNars full = Nars(Capacity, smallCapacity: 100);
        await IndexAsync(full, path);

        Assert.That(nars.TryReadCached(PathRecords.Of(path), new ByteRange(0, (long)path.Info.NarSize), out _));
        Assert.That(nars.TryGetSmall(NarKey.Of(path), out _));
        Assert.That(full.TryReadCached(PathRecords.Of(path), new ByteRange(0, (long)path.Info.NarSize), out _));
        Assert.That(full.TryGetSmall(NarKey.Of(path), out _), Is.False);
    }

    [Test]
    public void Too_many_readings_are_refused()
    {
        ValidPathInfo path = Add("one", size: 1_000);
        using StoreNars nars = Nars(Capacity, Capacity, maxReadings: 0);

        Assert.That(() => IndexAsync(nars, path), Throws.InstanceOf<OverloadedException>());
        Assert.That(ErrorStatus.For(new OverloadedException("")).Status, Is.EqualTo(503));
    }

    [Test]
    public async Task Nar_that_could_not_be_read_is_read_again()
    {
        ValidPathInfo path = Add("one", size: 1_000);
        using StoreNars nars = Nars(Capacity, Capacity);
        File.Move(FileOf(path), FileOf(path) + ".old");
        Assert.That(() => IndexAsync(nars, path), Throws.InstanceOf<FileNotFoundException>());
        File.Move(FileOf(path) + ".old", FileOf(path));

        Assert.That((await IndexAsync(nars, path)).NarSize, Is.EqualTo(path.Info.NarSize));
    }

    [Test]
    public async Task A_cached_listing_keeps_nothing_of_the_request_that_it_was_made_for()
    {
        using StoreNars nars = Nars(Capacity, Capacity);
        NarListings listings = new(Capacity);
        WeakReference opened = await ListAsync(nars, listings, Add("one", size: 100));

        await Patience.UntilAsync(() =>
        {
            GC.Collect();
            return !opened.IsAlive;
        });
        Assert.That(listings.Usage.Entries(), Is.EqualTo(1));
    }

    private static async Task<WeakReference> ListAsync(StoreNars nars, NarListings listings, ValidPathInfo path)
    {
        using OpenNar nar = await nars.OpenAsync(path, isWhole: false, CancellationToken.None);
        Assert.That(await listings.FindAsync(NarKey.Of(path), nar, CancellationToken.None), Is.Not.Null);
        return new WeakReference(nar);
    }

    private StoreNars Nars(long indexCapacity, long smallCapacity, int maxReadings = 4)
    {
        StoreFiles files = new(_store.Path);
        Quarantine corrupt = new(files, new StoreFreshness(TimeSpan.FromSeconds(1), TimeProvider.System), new CacheStatistics(TimeProvider.System), _log.For<Quarantine>());
        return new StoreNars(files, corrupt, indexCapacity, smallCapacity, maxReadings);
    }

    private static async Task<NarIndex> IndexAsync(StoreNars nars, ValidPathInfo path)
    {
        using OpenNar nar = await nars.OpenAsync(path, isWhole: false, CancellationToken.None);
        return nar.Index;
    }

    private byte[] Dump(ValidPathInfo path)
    {
        using NarTreeReader reader = new(Encoding.UTF8.GetBytes(FileOf(path)));
        byte[] nar = new byte[path.Info.NarSize];
        Assert.That(reader.Read(nar), Is.EqualTo(nar.Length));
        return nar;
    }

    private ValidPathInfo Add(string name, int size) => Add(name, file =>
    {
        byte[] contents = new byte[size];
        new Random(size).NextBytes(contents);
        File.WriteAllBytes(file, contents);
    });

    private ValidPathInfo Add(string name, Action<string> make)
    {
        byte[] digest = new byte[NarHash.ByteLength];
        NarHash.Of(Encoding.UTF8.GetBytes(name)).CopyTo(digest);
        StorePath path = new(StorePathHash.FromBytes(digest.AsSpan(0, StorePathHash.ByteLength)), name);
        make(_store[path.BaseName]);
        byte[] hash = new byte[NarHash.ByteLength];
        long narSize = NarHasher.HashTree(Encoding.UTF8.GetBytes(_store[path.BaseName]), hash, CancellationToken.None);
        return new ValidPathInfo
        {
            Path = path,
            Info = new UnkeyedValidPathInfo { NarHash = NarHash.FromBytes(hash), NarSize = (ulong)narSize },
        };
    }

    private string FileOf(ValidPathInfo path) => _store[path.Path.BaseName];
}
