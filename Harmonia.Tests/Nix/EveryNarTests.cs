using System.Globalization;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

/// <summary>The bytes of all paths of a store of a real Nix, in all ways of sending them.</summary>
[Category("Nix")]
public sealed class EveryNarTests
{
    private const int MaxAtOnce = 8;

    // One zstd decompresses all: a process for each path would take too long.
    private const int BatchSize = 512;

    private TestCertificates _certificates = null!;
    private HarmoniaDaemon _daemon = null!;
    private string[] _paths = null!;
    private Dictionary<string, NarHash> _hashes = null!;
    private Dictionary<string, int> _sizes = null!;

    private static RealNixStore Store => LargeStoreSetUp.Store.Store;

    [OneTimeSetUp]
    public async Task StartDaemonAsync()
    {
        _certificates = await TestCertificates.MakeAsync();
        _daemon = await HarmoniaDaemon.StartAsync(Store);
        _paths = await Store.QueryAllAsync();
        string[] hashes = await Store.RunAsync("nix-store", ["--query", "--hash", .. _paths]);
        string[] sizes = await Store.RunAsync("nix-store", ["--query", "--size", .. _paths]);
        _hashes = _paths.Zip(hashes).ToDictionary(pair => pair.First, pair => NarHash.Parse(pair.Second));
        _sizes = _paths.Zip(sizes).ToDictionary(pair => pair.First, pair => int.Parse(pair.Second, CultureInfo.InvariantCulture));
    }

    [OneTimeTearDown]
    public async Task StopDaemonAsync()
    {
        await _daemon.DisposeAsync();
        _certificates.Dispose();
    }

    [Test]
    public async Task Every_nar_has_the_hash_that_nix_computed_at_the_first_request_and_later([Values] NarWay way)
    {
        await using NarDownloads downloads = await NarDownloads.StartAsync(way, Store, _daemon, _certificates);
        int compressed = 0;
        for (int round = 0; round < 2; round++)
        {
            foreach (string[] batch in _paths.Chunk(BatchSize))
                compressed += await CheckAsync(downloads, batch);
        }

        Assert.That(_hashes, Has.Count.GreaterThan(3000));
        Assert.That(compressed, way is NarWay.CodedZstd or NarWay.StoredZstd ? Is.GreaterThan(_paths.Length) : Is.Zero);
        if (way == NarWay.StoredZstd)
            Assert.That(Directory.GetFiles(downloads.StoredNars, "*.nar.zst"), Has.Length.GreaterThan(3000));
    }

    // Returns how many of the NARs came compressed.
    private async Task<int> CheckAsync(NarDownloads downloads, string[] paths)
    {
        (byte[] Bytes, bool IsZstd)[] bodies = new (byte[] Bytes, bool IsZstd)[paths.Length];
        await Parallel.ForAsync(0, paths.Length, new ParallelOptions { MaxDegreeOfParallelism = MaxAtOnce }, async (i, cancellation) =>
            bodies[i] = await DownloadAsync(downloads, paths[i], cancellation));
        int compressed = bodies.Count(body => body.IsZstd);
        byte[] decoded = compressed == 0
            ? []
            : await DecodeAsync(paths, bodies);

        int position = 0;
        foreach ((string path, (byte[] bytes, bool isZstd)) in paths.Zip(bodies))
        {
            ReadOnlySpan<byte> nar = bytes;
            if (isZstd)
            {
                nar = decoded.AsSpan(position, Math.Min(_sizes[path], decoded.Length - position));
                position += nar.Length;
            }

            Assert.That(NarHash.Of(nar), Is.EqualTo(_hashes[path]), path);
        }

        Assert.That(position, Is.EqualTo(decoded.Length));
        return compressed;
    }

    // All together; if that fails, one by one to find the damaged one.
    private static async Task<byte[]> DecodeAsync(string[] paths, (byte[] Bytes, bool IsZstd)[] bodies)
    {
        try
        {
            return await Decoding.UndoAsync("zstd", [.. bodies.Where(body => body.IsZstd).SelectMany(body => body.Bytes)]);
        }
        catch (InvalidOperationException)
        {
            foreach ((string path, (byte[] bytes, bool _)) in paths.Zip(bodies).Where(pair => pair.Second.IsZstd))
                Assert.That(async () => await Decoding.UndoAsync("zstd", bytes), Throws.Nothing, path);
            throw;
        }
    }

    private async Task<(byte[] Bytes, bool IsZstd)> DownloadAsync(NarDownloads downloads, string path, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, string> narInfo = await downloads.NarInfoAsync(path, cancellationToken);
        Assert.That(NarHash.Parse(narInfo["NarHash"]), Is.EqualTo(_hashes[path]), path);

        using HttpResponseMessage response = await downloads.GetAsync(narInfo["URL"], cancellationToken: cancellationToken);
        byte[] body = await response.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(cancellationToken);

        bool isCoded = response.Content.Headers.ContentEncoding.Contains("zstd");
        if (!isCoded && narInfo.TryGetValue("FileHash", out string? fileHash))
        {
            Assert.That(NarHash.Of(body), Is.EqualTo(NarHash.Parse(fileHash)), path);
            Assert.That(narInfo["FileSize"], Is.EqualTo($"{body.Length}"), path);
        }

        return (body, isCoded || narInfo["Compression"] == "zstd");
    }
}
