using System.Net;
using System.Net.Http.Headers;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

/// <summary>Arbitrary parts of NARs, compared with the bytes that Nix dumps.</summary>
[Category("Nix")]
public sealed class NarRangesTests
{
    private const int MaxAtOnce = 8;
    private const int Ranges = 1000;

    // Up to the greatest length, each number of bits equally likely: short ranges are copied, long ones sent by sendfile.
    private const int MaxLengthBits = 20;

    // The sizes in which files are read, bodies are sent, and NARs are compressed.
    private static readonly int[] Steps = [8, 4096, 64 * 1024, 1024 * 1024, 16 * 1024 * 1024];

    private TestCertificates _certificates = null!;
    private HarmoniaDaemon _daemon = null!;

    private static LargeStore Store => LargeStoreSetUp.Store;

    [OneTimeSetUp]
    public async Task StartDaemonAsync()
    {
        _certificates = await TestCertificates.MakeAsync();
        _daemon = await HarmoniaDaemon.StartAsync(Store.Store);
    }

    [OneTimeTearDown]
    public async Task StopDaemonAsync()
    {
        await _daemon.DisposeAsync();
        _certificates.Dispose();
    }

    [Test]
    public async Task Random_ranges_are_those_bytes_of_what_nix_dumps(
        [Values(NarWay.Plain, NarWay.UnixSocket, NarWay.Tls, NarWay.Http2)] NarWay way)
    {
        await using NarDownloads downloads = await NarDownloads.StartAsync(way, Store.Store, _daemon, _certificates);
        foreach (string path in (string[])[Store.OddTree, Store.LargeFile, Store.SmallFiles])
        {
            string url = (await downloads.NarInfoAsync(path))["URL"];
            byte[] dump = await DumpAsync(path);

            // Before it is verified, and when it goes from the files.
            await CheckAsync(downloads, url, dump);
            using (HttpResponseMessage whole = await downloads.GetAsync(url))
                Assert.That((await whole.Content.ReadAsByteArrayAsync()).AsSpan().SequenceEqual(dump), path);
            await CheckAsync(downloads, url, dump);
        }
    }

    [Test]
    public async Task Random_ranges_of_a_stored_nar_are_those_bytes_of_its_file()
    {
        await using NarDownloads downloads = await NarDownloads.StartAsync(NarWay.StoredZstd, Store.Store, _daemon, _certificates);
        foreach (string path in (string[])[Store.LargeFile, Store.SmallFiles])
        {
            byte[] dump = await DumpAsync(path);
            string url = (await downloads.NarInfoAsync(path))["URL"];
            using HttpResponseMessage whole = await downloads.GetAsync(url);
            byte[] body = await whole.Content.ReadAsByteArrayAsync();
            await Patience.UntilAsync(() => StoredFile(downloads, dump) is not null);

            Assert.That((await File.ReadAllBytesAsync(StoredFile(downloads, dump)!)).AsSpan().SequenceEqual(body), path);
            Assert.That((await Decoding.UndoAsync("zstd", body)).AsSpan().SequenceEqual(dump), path);
            await CheckAsync(downloads, url, body);
        }
    }

    // The name begins with the hash of the NAR.
    private static string? StoredFile(NarDownloads downloads, byte[] nar) =>
        Directory.GetFiles(downloads.StoredNars, $"{NarHash.Of(nar).ToBase32()}-*.nar.zst").SingleOrDefault();

    private static async Task<byte[]> DumpAsync(string path)
    {
        string file = Path.Combine(Store.Store.RealStoreDirectory, Path.GetFileName(path));
        return (await Command.RunAsync(NixRelease.Forky.Program("nix-store"), ["--dump", file])).Output;
    }

    private static async Task CheckAsync(NarDownloads downloads, string url, byte[] expected)
    {
        int seed = Random.Shared.Next();
        Random random = new(seed);
        RangeHeaderValue[] ranges = [.. Enumerable.Range(0, Ranges).Select(_ => NextRange(random, expected.Length))];
        await Parallel.ForEachAsync(ranges, new ParallelOptions { MaxDegreeOfParallelism = MaxAtOnce }, async (range, cancellation) =>
        {
            using HttpResponseMessage response = await downloads.GetAsync(url, range, cancellation);
            byte[] part = await response.Content.ReadAsByteArrayAsync(cancellation);

            string what = $"{url}, {range}, seed {seed}";
            (int first, int last) = Resolve(range.Ranges.Single(), expected.Length);
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.PartialContent), what);
            Assert.That(response.Content.Headers.ContentRange, Is.EqualTo(new ContentRangeHeaderValue(first, last, expected.Length)), what);
            Assert.That(part.AsSpan().SequenceEqual(expected.AsSpan(first..(last + 1))), what);
        });
    }

    private static RangeHeaderValue NextRange(Random random, int total)
    {
        int length = random.Next(1, Math.Min(total, 1 << random.Next(1, MaxLengthBits + 1)) + 1);
        int first = random.Next(4) == 0 ? NextToStep(random, total) : random.Next(total);
        return random.Next(10) switch
        {
            0 => new RangeHeaderValue(null, length),
            1 => new RangeHeaderValue(total - length, null),
            2 => new RangeHeaderValue(total - length, (long)total + random.Next(total)),
            _ => new RangeHeaderValue(first, Math.Min(total - 1, first + length - 1)),
        };
    }

    private static int NextToStep(Random random, int total)
    {
        int step = Steps[random.Next(Steps.Length)];
        return Math.Clamp((random.Next((total / step) + 1) * step) + random.Next(-2, 3), 0, total - 1);
    }

    // RFC 9110, section 14.1.2: without a first byte, so many bytes from the end.
    private static (int First, int Last) Resolve(RangeItemHeaderValue range, int total) => range.From is { } first
        ? ((int)first, (int)Math.Min(range.To ?? total, total - 1))
        : ((int)(total - range.To!.Value), total - 1);
}
