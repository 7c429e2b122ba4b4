using System.Buffers.Binary;
using Harmonia.Cache.Catalog;
using Harmonia.Cache.NarCache;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using Microsoft.Win32.SafeHandles;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.NarCache;

public sealed class NarFileCacheTests
{
    private const int Frame = 16 * 1024 * 1024;

    private NarCacheFixture _fixture = null!;

    [SetUp]
    public void SetUp() => _fixture = new NarCacheFixture();

    [TearDown]
    public void TearDown() => _fixture.Dispose();

    [Test]
    public async Task What_is_stored_unpacks_to_the_NAR_and_its_name_has_the_hash_of_the_file()
    {
        await using NarFileCache cache = _fixture.Open();
        foreach (int length in (int[])[0, 1, 1000, Frame - 112, Frame - 111, (3 * Frame) + 7])
        {
            NarSource source = _fixture.Add(SampleText.Of(length));

            byte[] stored = await NarCacheFixture.StoreAsync(cache, source);

            Assert.That(NarHash.Of(await NarCacheFixture.UnpackAsync(stored)), Is.EqualTo(source.Hash), $"{length}");
            Assert.That(cache.Find(source.Hash)!.FileHash, Is.EqualTo(NarHash.Of(stored)));
        }
    }

    [Test]
    public async Task A_frame_has_16_MiB_and_says_so()
    {
        await using NarFileCache cache = _fixture.Open();
        NarSource source = _fixture.Add(SampleText.Of((2 * Frame) + 1000));

        byte[] stored = await NarCacheFixture.StoreAsync(cache, source);
        await File.WriteAllBytesAsync(Path.Combine(_fixture.Directory, "copy.zst"), stored);
        string listing = (await Command.RunAsync("zstd", ["--list", "-v", Path.Combine(_fixture.Directory, "copy.zst")])).Text;

        Assert.That(listing, Does.Contain("# Zstandard Frames: 3"));
        Assert.That(listing, Does.Contain($"({source.Size} B)"));
        // RFC 8878, section 3.1.1.1: the descriptor says that four bytes of size follow the one of the window.
        Assert.That(stored[4] >> 6, Is.EqualTo(2));
        Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(stored.AsSpan((stored[4] & 0x20) == 0 ? 6 : 5)), Is.EqualTo(Frame));
    }

    // Entity tags and file names hold a recipe that stands for these bytes. If this fails with a new version of ZstdSharp, FrameLayout needs a new version.
    [TestCase(-1, "f2l-1z10507", "b261f559786b7144de69f50acd04a69c3bc4cdd98c777c89a481bcb7f9abec25")]
    [TestCase(1, "f2l1z10507", "52267748c4d9e556c04220a24ad579c754e16fb7ab37b121607e005acc2c6bb5")]
    [TestCase(2, "f2l2z10507", "96c0b2bc853380f845a1ebf201b6c122ceff2c29ba06e1995c9e5e3302c61c99")]
    [TestCase(9, "f2l9z10507", "0237383ae7c91213258f11d84ba0f24ce41fc1db5b2d03d87e7bc12e6c93a8e6")]
    public async Task A_recipe_always_means_the_same_bytes(int level, string recipe, string hash)
    {
        await using NarFileCache cache = _fixture.Open(level: level);
        NarSource source = _fixture.Add(SampleText.Of(1_000_000));

        byte[] stored = await NarCacheFixture.StoreAsync(cache, source);

        Assert.That(cache.Recipe, Is.EqualTo(recipe));
        Assert.That(NarCacheFixture.Sha256(stored), Is.EqualTo(hash));
    }

    [Test]
    public async Task A_file_that_was_removed_is_made_again_byte_for_byte()
    {
        await using NarFileCache cache = _fixture.Open();
        NarSource source = _fixture.Add(SampleText.Of((2 * Frame) + 1000));
        byte[] first = await NarCacheFixture.StoreAsync(cache, source);
        StoredNar stored = cache.Find(source.Hash)!;
        File.Delete(Path.Combine(_fixture.Directory, stored.FileName));

        Assert.That(cache.Open(stored), Is.Null);
        Assert.That(cache.Find(source.Hash), Is.Null);
        byte[] second = await NarCacheFixture.StoreAsync(cache, source);

        Assert.That(second.AsSpan().SequenceEqual(first));
        Assert.That(cache.Find(source.Hash), Is.EqualTo(stored));
    }

    [Test]
    public async Task A_file_that_was_cut_short_is_made_again()
    {
        await using NarFileCache cache = _fixture.Open();
        NarSource source = _fixture.Add(SampleText.Of(100_000));
        byte[] first = await NarCacheFixture.StoreAsync(cache, source);
        StoredNar stored = cache.Find(source.Hash)!;
        using (FileStream file = File.OpenWrite(Path.Combine(_fixture.Directory, stored.FileName)))
            file.SetLength(1000);

        Assert.That(cache.Open(stored), Is.Null);
        Assert.That((await NarCacheFixture.StoreAsync(cache, source)).AsSpan().SequenceEqual(first));
    }

    [Test]
    public async Task A_file_damaged_in_place_is_found_at_its_first_use_after_a_start_and_made_again()
    {
        NarSource whole = _fixture.Add(SampleText.Of(200_000));
        NarSource damaged = _fixture.Add(SampleText.Of(100_000));
        byte[] first;
        StoredNar stored;
        await using (NarFileCache before = _fixture.Open())
        {
            await NarCacheFixture.StoreAsync(before, whole);
            first = await NarCacheFixture.StoreAsync(before, damaged);
            stored = before.Find(damaged.Hash)!;
        }

        using (FileStream file = File.OpenWrite(Path.Combine(_fixture.Directory, stored.FileName)))
        {
            file.Position = first.Length / 2;
            file.WriteByte((byte)~first[first.Length / 2]);
        }

        await using NarFileCache cache = _fixture.Open();
        NarCacheFixture.Read(cache, whole);
        NarCacheFixture.Read(cache, damaged);
        await Patience.UntilAsync(() => cache.Find(damaged.Hash) is null && _fixture.StoredFiles.Length == 1);

        Assert.That(cache.Find(whole.Hash), Is.Not.Null, "It was looked at first.");
        Assert.That(_fixture.Log.Entries.Count(entry => entry.EventId == 168), Is.EqualTo(1));
        Assert.That((await NarCacheFixture.StoreAsync(cache, damaged)).AsSpan().SequenceEqual(first));
        Assert.That(cache.Find(damaged.Hash), Is.EqualTo(stored));
    }

    [Test]
    public async Task Files_that_make_another_NAR_of_the_same_size_never_come_to_an_end_and_leave_nothing()
    {
        await using NarFileCache cache = _fixture.Open();
        NarSource source = _fixture.Add(SampleText.Of(2 * Frame));
        using (FileStream file = File.OpenWrite(_fixture.FileOf(source.Path.Path)))
            file.WriteByte((byte)'#');

        CompressionJob job = cache.Join(source)!;

        Assert.That(async () => await job.WaitWholeAsync(default).AsTask().InTime(), Throws.TypeOf<CorruptNarException>());
        await job.Running.InTime();
        byte[] made = NarCacheFixture.Read(job.File, job.Length);
        job.Leave();
        Assert.That(cache.Find(source.Hash), Is.Null);
        Assert.That(_fixture.StoredFiles, Is.Empty);
        Assert.That((await NarCacheFixture.UnpackAsync(made)).Length, Is.EqualTo(2 * Frame), "The last frame is held back.");
        Assert.That((await _fixture.Log.WaitForAsync(163)).Message, Does.Contain(source.Hash.ToString()));
    }

    [Test]
    public async Task Missing_files_fail_the_compression_job_and_the_next_job_succeeds()
    {
        await using NarFileCache cache = _fixture.Open();
        byte[] contents = SampleText.Of(1000);
        NarSource source = _fixture.Add(contents);
        File.Delete(_fixture.FileOf(source.Path.Path));
        CompressionJob job = cache.Join(source)!;

        Assert.That(async () => await job.WaitWholeAsync(default).AsTask().InTime(), Throws.InstanceOf<IOException>());
        job.Leave();
        await job.Running.InTime();
        await File.WriteAllBytesAsync(_fixture.FileOf(source.Path.Path), contents);

        Assert.That(await NarCacheFixture.StoreAsync(cache, source), Is.Not.Empty);
    }

    [Test]
    public async Task The_next_start_finds_what_is_stored_and_removes_what_was_not_finished()
    {
        NarSource source = _fixture.Add(SampleText.Of(50_000));
        NarSource random = _fixture.Add(RandomBytes(50_000));
        StoredNar? before;
        await using (NarFileCache first = _fixture.Open())
        {
            await NarCacheFixture.CompressAsync(first, source);
            Assert.That(await first.IsIncompressibleAsync(random));
            before = first.Find(source.Hash);
        }

        await File.WriteAllTextAsync(Path.Combine(_fixture.Directory, "left-by-a-crash.tmp"), "half");
        await File.WriteAllTextAsync(Path.Combine(_fixture.Directory, "somebody-elses"), "x");

        await using NarFileCache second = _fixture.Open();

        Assert.That(second.Find(source.Hash), Is.EqualTo(before).And.Not.Null);
        Assert.That(second.Find(random.Hash)!.IsIncompressible);
        Assert.That(_fixture.StoredFiles, Has.None.EndsWith(".tmp"));
        Assert.That(_fixture.StoredFiles, Does.Contain("somebody-elses"));
    }

    [Test]
    public async Task The_least_recently_used_file_is_removed_first_and_its_readers_can_finish()
    {
        const int Length = 1024 * 1024;
        NarSource[] sources = [.. Enumerable.Range(1, 3).Select(seed => _fixture.Add(SampleText.Of(Length, seed)))];
        long size;
        await using (NarFileCache measuring = _fixture.Open())
            size = (await NarCacheFixture.StoreAsync(measuring, sources[0])).Length;
        await using NarFileCache cache = _fixture.Open(maxSize: (size * 5) / 2);
        await NarCacheFixture.CompressAsync(cache, sources[1]);
        StoredNar second = cache.Find(sources[1].Hash)!;
        using SafeFileHandle reading = cache.Open(second)!;
        byte[] expected = NarCacheFixture.Read(reading, second.Size);
        cache.Open(cache.Find(sources[0].Hash)!)!.Dispose();

        await NarCacheFixture.CompressAsync(cache, sources[2]);

        Assert.That(sources.Select(source => cache.Find(source.Hash) is not null), Is.EqualTo(new[] { true, false, true }));
        Assert.That(NarCacheFixture.Read(reading, second.Size), Is.EqualTo(expected));
        Assert.That(_fixture.StoredFiles, Has.Length.EqualTo(2));
    }

    [Test]
    public async Task The_finding_that_a_NAR_does_not_compress_needs_no_waiting_except_once_a_minute()
    {
        FakeTime time = new();
        await using NarFileCache cache = _fixture.Open(time: time);
        NarSource random = _fixture.Add(RandomBytes(50_000));
        NarSource text = _fixture.Add(SampleText.Of(50_000));
        await cache.IsIncompressibleAsync(random);
        await NarCacheFixture.CompressAsync(cache, text);

        Assert.That(cache.TryFind(random.Hash, out StoredNar? mark), Is.True);
        Assert.That(mark!.IsIncompressible);
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.That(cache.TryFind(random.Hash, out _), Is.False);
        Assert.That(cache.Find(random.Hash), Is.SameAs(mark));
        Assert.That(cache.TryFind(random.Hash, out _), Is.True);
        Assert.That(cache.TryFind(text.Hash, out StoredNar? stored), Is.True, "Whoever opens its file uses it.");
        Assert.That(stored, Is.Not.Null);
        Assert.That(cache.TryFind(NarHash.Of("other"u8), out StoredNar? none), Is.True);
        Assert.That(none, Is.Null);
    }

    [Test]
    public async Task A_mark_is_kept_while_it_is_requested()
    {
        FakeTime time = new();
        NarSource[] sources = [.. Enumerable.Range(1, 3).Select(i => _fixture.Add(RandomBytes(i * 10_000)))];
        await using NarFileCache cache = _fixture.Open(maxSize: 2 * 4096, time: time);
        await cache.IsIncompressibleAsync(sources[0]);
        await cache.IsIncompressibleAsync(sources[1]);
        time.Advance(TimeSpan.FromMinutes(1));
        cache.Find(sources[0].Hash);

        await cache.IsIncompressibleAsync(sources[2]);

        Assert.That(sources.Select(source => cache.Find(source.Hash) is not null), Is.EqualTo(new[] { true, false, true }));
    }

    [Test]
    public async Task A_smaller_limit_is_kept_from_the_next_start_on()
    {
        NarSource source = _fixture.Add(SampleText.Of(1024 * 1024));
        await using (NarFileCache first = _fixture.Open())
            await NarCacheFixture.CompressAsync(first, source);

        await using NarFileCache second = _fixture.Open(maxSize: 1000);

        Assert.That(second.Find(source.Hash), Is.Null);
        Assert.That(_fixture.StoredFiles, Is.Empty);
    }

    [Test]
    public async Task A_file_of_another_level_is_served_until_it_goes()
    {
        NarSource source = _fixture.Add(SampleText.Of(200_000));
        byte[] before;
        await using (NarFileCache first = _fixture.Open(level: 1))
            before = await NarCacheFixture.StoreAsync(first, source);

        await using NarFileCache second = _fixture.Open(level: 5);

        StoredNar stored = second.Find(source.Hash)!;
        Assert.That(stored.Recipe, Does.StartWith("f2l1z").And.Not.EqualTo(second.Recipe));
        Assert.That(NarCacheFixture.Read(second, source), Is.EqualTo(before));
    }

    [Test]
    public async Task A_directory_is_one_process_own()
    {
        await using NarFileCache first = _fixture.Open();

        Assert.That(() => _fixture.Open(), Throws.InstanceOf<IOException>());
    }

    [Test]
    public async Task Only_what_compresses_is_worth_it()
    {
        await using NarFileCache cache = _fixture.Open();

        Assert.That(await cache.IsIncompressibleAsync(_fixture.Add(RandomBytes(3 * 1024 * 1024))));
        Assert.That(await cache.IsIncompressibleAsync(_fixture.Add(SampleText.Of(3 * 1024 * 1024))), Is.False);
        Assert.That(await cache.IsIncompressibleAsync(_fixture.Add([])), Is.False);
    }

    [Test]
    public async Task Clients_that_ask_at_once_share_one_compression_job()
    {
        await using NarFileCache cache = _fixture.Open();
        NarSource source = _fixture.Add(SampleText.Of(2 * Frame));

        CompressionJob[] jobs = [.. Enumerable.Range(0, 200).Select(_ => cache.Join(source)!)];
        foreach (CompressionJob job in jobs)
        {
            await job.WaitWholeAsync(default).AsTask().InTime();
            job.Leave();
        }

        Assert.That(jobs.Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_compression_job_continues_after_all_clients_have_disconnected()
    {
        await using NarFileCache cache = _fixture.Open();
        NarSource source = _fixture.Add(SampleText.Of(2 * Frame));
        CompressionJob job = cache.Join(source)!;
        await job.WaitBeyondAsync(0, default).AsTask().InTime();
        job.Leave();

        await job.Running.InTime();

        Assert.That(NarHash.Of(await NarCacheFixture.UnpackAsync(NarCacheFixture.Read(cache, source))), Is.EqualTo(source.Hash));
    }

    [Test]
    public async Task A_stop_breaks_off_what_is_under_way_and_leaves_nothing()
    {
        NarSource source = _fixture.Add(SampleText.Of(8 * Frame));
        NarFileCache cache = _fixture.Open();
        CompressionJob job = cache.Join(source)!;
        await job.WaitBeyondAsync(0, default).AsTask().InTime();

        await cache.DisposeAsync().AsTask().InTime();

        Assert.That(job.Running.IsCompletedSuccessfully);
        job.Leave();
        Assert.That(_fixture.StoredFiles, Has.None.EndsWith(".tmp"));
    }

    private static byte[] RandomBytes(int length)
    {
        byte[] bytes = new byte[length];
        new Random(5).NextBytes(bytes);
        return bytes;
    }
}
