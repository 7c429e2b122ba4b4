using System.Net.Http.Headers;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

/// <summary>The bytes of every path of a store that Nix made.</summary>
[Category("Nix")]
public sealed class EveryNarTests
{
    private const int MaxAtOnce = 8;

    private HarmoniaDaemon? _daemon;
    private HarmoniaCache? _cache;
    private HttpClient _client = null!;

    private static LargeStore Store => LargeStoreSetUp.Store;

    [OneTimeSetUp]
    public async Task StartBothAsync()
    {
        _daemon = await HarmoniaDaemon.StartAsync(Store.Store);
        _cache = await HarmoniaCache.StartAsync(Store.Store, _daemon.SocketPath);
        _client = new HttpClient { BaseAddress = _cache.Url };
    }

    [OneTimeTearDown]
    public async Task StopBothAsync()
    {
        _client.Dispose();
        if (_cache is not null)
            await _cache.DisposeAsync();
        if (_daemon is not null)
            await _daemon.DisposeAsync();
    }

    [Test]
    public async Task Every_nar_has_the_hash_that_nix_took_of_it_read_for_the_first_time_and_again()
    {
        string[] paths = await Store.Store.QueryAllAsync();
        string[] hashes = await Store.Store.RunAsync("nix-store", ["--query", "--hash", .. paths]);
        Assert.That(paths, Has.Length.GreaterThan(3000));
        Assert.That(hashes, Has.Length.EqualTo(paths.Length));

        for (int round = 0; round < 2; round++)
        {
            await Parallel.ForAsync(0, paths.Length, new ParallelOptions { MaxDegreeOfParallelism = MaxAtOnce }, async (i, cancellation) =>
            {
                NarHash expected = NarHash.Parse(hashes[i]);
                byte[] nar = await _client.GetByteArrayAsync(new Uri(NarUrl(paths[i], expected), UriKind.Relative), cancellation);

                Assert.That(NarHash.Of(nar), Is.EqualTo(expected), paths[i]);
            });
        }
    }

    [Test]
    public async Task Whole_and_in_parts_nars_are_the_bytes_that_nix_dumps()
    {
        var random = new Random(11);
        foreach (string path in (string[])[Store.OddTree, Store.Outputs[0], Store.Top])
        {
            string file = Path.Combine(Store.Store.RealStoreDirectory, Path.GetFileName(path));
            byte[] dump = (await Command.RunAsync(NixRelease.Forky.Program("nix-store"), ["--dump", file])).Output;
            string url = NarUrl(path, NarHash.Of(dump));

            Assert.That((await _client.GetByteArrayAsync(new Uri(url, UriKind.Relative))).AsSpan().SequenceEqual(dump), path);
            for (int i = 0; i < 500; i++)
            {
                int first = random.Next(dump.Length);
                int last = random.Next(first, dump.Length);
                using var request = new HttpRequestMessage(HttpMethod.Get, url);
                request.Headers.Range = new RangeHeaderValue(first, last);
                using HttpResponseMessage response = await _client.SendAsync(request);
                byte[] part = await response.Content.ReadAsByteArrayAsync();

                Assert.That(part.AsSpan().SequenceEqual(dump.AsSpan(first..(last + 1))), $"{path}, {first} to {last}");
            }
        }
    }

    private static string NarUrl(string path, NarHash hash) => $"/nar/{Path.GetFileName(path)[..32]}-{hash.ToBase32()}.nar";
}
