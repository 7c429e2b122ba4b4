using Harmonia.Cache.NarCache;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.NarCache;

public sealed class FullDiskTests
{
    [Test]
    public async Task A_full_disk_ends_the_storing_but_the_stored_part_can_be_read_and_the_whole_can_be_streamed()
    {
        using SmallDisk disk = new(6 * 1024 * 1024);
        using NarCacheFixture fixture = new() { Directory = disk.Path };
        await using NarFileCache cache = fixture.Open();
        NarSource source = fixture.Add(SampleText.Of(48 * 1024 * 1024));

        CompressionJob job = cache.Join(source)!;
        Assert.That(async () => await job.WaitWholeAsync(default).AsTask().InTime(), Throws.TypeOf<NotStoredException>());
        byte[] begun = NarCacheFixture.Read(job.File, job.Length);
        await job.Running.InTime();
        job.Leave();
        MemoryStream streamed = new();
        bool isStreamed = await cache.TryStreamAsync(
            source,
            (frame, _) =>
            {
                streamed.Write(frame.Output);
                return Task.CompletedTask;
            },
            default);

        Assert.That(isStreamed);
        Assert.That(cache.CanStore(source), Is.False, "Not at once again.");
        Assert.That(begun, Is.Not.Empty);
        Assert.That(streamed.ToArray().AsSpan().StartsWith(begun), "Who has the beginning can go on with the stream.");
        Assert.That(NarHash.Of(await NarCacheFixture.UnpackAsync(streamed.ToArray())), Is.EqualTo(source.Hash));
        Assert.That(fixture.StoredFiles, Is.Empty);
        Assert.That((await fixture.Log.WaitForAsync(162)).Message, Does.Contain(source.Path.Path.BaseName));
    }
}
