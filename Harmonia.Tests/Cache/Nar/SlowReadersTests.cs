using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Harmonia.Cache.Configuration;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Nar;

/// <summary>Clients that read little of a long response.</summary>
public sealed class SlowReadersTests
{
    private const int Readers = 32;
    private const long TreeBytes = 48L << 20;

    // Two or three pieces each, the closures that all share, and garbage that is not collected yet.
    private const long MaxGrowth = 200L << 20;

    [Test]
    public async Task Many_slow_readers_take_little_memory_and_do_not_delay_others([Values(TreeBytes, TreeBytes / 2)] long size)
    {
        await using CacheInMemory cache = await CacheInMemory.StartAsync(new CacheOptions { EnableCompression = false });
        ValidPathInfo path = cache.Add("tree", root =>
        {
            Directory.CreateDirectory(root);
            for (int i = 0; i < 48; i++)
                File.WriteAllBytes(Path.Combine(root, $"{i}"), RandomNumberGenerator.GetBytes((int)(size / 48)));
        });
        long before = GC.GetTotalMemory(forceFullCollection: true);
        List<NetworkStream> readers = new();
        try
        {
            for (int i = 0; i < Readers; i++)
                readers.Add(await StartAsync(cache, path));

            Assert.That(GC.GetTotalMemory(forceFullCollection: true) - before, Is.LessThan(MaxGrowth));
            byte[] nar = await cache.Client.GetByteArrayAsync(new Uri(CacheInMemory.NarUrl(path), UriKind.Relative)).InTime();
            Assert.That(NarHash.Of(nar), Is.EqualTo(path.Info.NarHash));
        }
        finally
        {
            foreach (NetworkStream reader in readers)
                await reader.DisposeAsync();
        }
    }

    private static async Task<NetworkStream> StartAsync(CacheInMemory cache, ValidPathInfo path)
    {
        NetworkStream stream = await cache.ConnectAsync();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {CacheInMemory.NarUrl(path)} HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        await stream.ReadExactlyAsync(new byte[100_000]).AsTask().InTime();
        return stream;
    }
}
