using System.Security.Cryptography;
using System.Text;
using Harmonia.Cache.Catalog;
using Harmonia.Cache.Configuration;
using Harmonia.Cache.Metrics;
using Harmonia.Cache.NarCache;
using Harmonia.Protocol.Nar;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Tests.Cache.NarCache;

/// <summary>Files for NARs, and a directory in which any number of caches can store them, one after the other.</summary>
internal sealed class NarCacheFixture : IDisposable
{
    private const string HashDigits = "0123456789abcdfghijklmnpqrsvwxyz";

    private readonly TemporaryDirectory _files = new();
    private readonly TemporaryDirectory _stored = new();
    private int _paths;

    public NarCacheFixture() => Directory = _stored["cache"];

    /// <summary>Where NARs are stored; not there before the first cache.</summary>
    public string Directory { get; init; }

    public CapturedLog Log { get; } = new();

    public NarCacheMetrics Metrics { get; } = new(new MetricRegistry().Factory);

    public string[] StoredFiles => [.. System.IO.Directory.GetFiles(Directory).Select(file => Path.GetFileName(file)).Where(name => name != "lock")];

    public NarFileCache Open(long maxSize = 1L << 30, int level = 1, TimeProvider? time = null) => new(
        new NarCacheOptions { Directory = Directory, MaxSize = maxSize, Level = level }, Metrics, time ?? TimeProvider.System, Log.For<NarFileCache>());

    /// <summary>A path that is one file.</summary>
    public NarSource Add(byte[] contents)
    {
        StorePath path = new(StorePathHash.Parse(new string(HashDigits[++_paths], StorePathHash.Length)), "file");
        File.WriteAllBytes(FileOf(path), contents);
        byte[] root = Encoding.UTF8.GetBytes(FileOf(path));
        NarIndex index = NarIndex.Build(root, default);
        byte[] hash = new byte[NarHasher.HashLength];
        NarHasher.HashTree(root, hash, default);
        NarHash expected = NarHash.FromBytes(hash);
        return new NarSource(
            new ValidPathInfo { Path = path, Info = new UnkeyedValidPathInfo { NarHash = expected, NarSize = (ulong)index.NarSize } },
            index, root, hasher => Verify(path, expected, hasher));
    }

    public string FileOf(StorePath path) => _files[path.BaseName];

    /// <summary>Has a NAR stored and returns its bytes when the file is there.</summary>
    public static async Task<byte[]> StoreAsync(NarFileCache cache, NarSource source)
    {
        await CompressAsync(cache, source);
        return Read(cache, source);
    }

    /// <summary>Runs the compression job of a NAR to its end.</summary>
    public static async Task CompressAsync(NarFileCache cache, NarSource source)
    {
        CompressionJob job = cache.Join(source)!;
        await job.Running.InTime();
        job.Leave();
    }

    public static byte[] Read(NarFileCache cache, NarSource source)
    {
        StoredNar stored = cache.Find(source.Hash)!;
        using SafeFileHandle file = cache.Open(stored)!;
        return Read(file, stored.Size);
    }

    public static byte[] Read(SafeFileHandle file, long length)
    {
        byte[] bytes = new byte[length];
        int read = RandomAccess.Read(file, bytes, 0);
        return bytes[..read];
    }

    /// <summary>Unpacks by the real zstd.</summary>
    public static async Task<byte[]> UnpackAsync(byte[] compressed) =>
        (await Command.RunAsync("zstd", ["--decompress", "--stdout", "--quiet"], input: compressed)).Output;

    public static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static void Verify(StorePath path, NarHash expected, NarHasher hasher)
    {
        byte[] bytes = new byte[NarHasher.HashLength];
        hasher.Finish(bytes);
        NarHash actual = NarHash.FromBytes(bytes);
        if (actual != expected)
            throw new CorruptNarException(path, expected, actual);
    }

    public void Dispose()
    {
        _files.Dispose();
        _stored.Dispose();
        Log.Dispose();
    }
}
