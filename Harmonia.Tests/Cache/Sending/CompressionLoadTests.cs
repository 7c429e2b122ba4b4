using System.Net;
using System.Net.Sockets;
using System.Text;
using Harmonia.Cache.Configuration;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Cache.Metrics;
using Harmonia.Tests.Support;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Sending;

/// <summary>More clients than encoders, clients that disconnect, files that change during a download.</summary>
public sealed class CompressionLoadTests
{
    // Random, and more than the socket buffers of both ends hold.
    private const int MoreThanBuffers = 32 * 1024 * 1024;

    private CacheInMemory _cache = null!;
    private ValidPathInfo _large = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _cache = await CacheInMemory.StartAsync(new CacheOptions { EnableCompression = true, MaxCompressions = 1, LogLevel = LogLevel.Debug });
        _large = _cache.Add("large", root =>
        {
            Directory.CreateDirectory(root);
            byte[] contents = new byte[MoreThanBuffers];
            new Random(1).NextBytes(contents);
            File.WriteAllBytes(Path.Combine(root, "a-first"), contents);
            File.WriteAllText(Path.Combine(root, "z-last"), new string('x', 2000));
            // So that the listing is large enough to be compressed.
            for (int i = 0; i < 30; i++)
                File.WriteAllText(Path.Combine(root, $"empty-{i}"), "");
        });
    }

    [TearDown]
    public async Task StopAsync() => await _cache.DisposeAsync();

    private string TextUrl => $"/{_large.Path.Hash}.ls";

    [Test]
    public async Task Without_a_free_encoder_a_body_is_sent_plain_or_the_client_gets_503()
    {
        await using (await HoldEncoderAsync())
        {
            using HttpResponseMessage plain = await _cache.GetAsync(TextUrl, ("Accept-Encoding", "gzip"));
            using HttpResponseMessage page = await _cache.GetAsync("/", ("Accept-Encoding", "br"));
            using HttpResponseMessage refused = await _cache.GetAsync(TextUrl, ("Accept-Encoding", "gzip, identity;q=0"));
            using HttpResponseMessage range = await _cache.GetAsync(CacheInMemory.NarUrl(_large), ("Range", "bytes=0-9"), ("Accept-Encoding", "zstd"));

            Assert.That(plain.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(plain.Content.Headers.ContentEncoding, Is.Empty);
            Assert.That(plain.Headers.Vary, Is.EqualTo(new[] { "Accept-Encoding" }));
            Assert.That(plain.Headers.ETag!.Tag, Does.Not.Contain("gzip"));
            Assert.That(page.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(page.Content.Headers.ContentEncoding, Is.Empty);
            Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
            Assert.That(refused.Headers.RetryAfter, Is.Not.Null);
            Assert.That(range.StatusCode, Is.EqualTo(HttpStatusCode.PartialContent));
        }
    }

    [Test]
    public async Task A_client_that_goes_away_frees_its_encoder()
    {
        await using (await HoldEncoderAsync())
            Assert.That(await ActiveAsync(), Is.EqualTo(1));

        await _cache.Log.WaitForAsync(121);
        await Patience.UntilAsync(async () => await ActiveAsync() == 0);

        using HttpResponseMessage response = await _cache.GetAsync(TextUrl, ("Accept-Encoding", "gzip"));
        Assert.That(response.Content.Headers.ContentEncoding, Is.EqualTo(new[] { "gzip" }));
    }

    [Test]
    public async Task A_file_that_shrinks_under_way_cuts_the_connection_and_the_frame()
    {
        await using NetworkStream stream = await HoldEncoderAsync();

        using (FileStream last = File.OpenWrite(Path.Combine(_cache.FileOf(_large.Path), "z-last")))
            last.SetLength(10);
        string rest = await ReadUntilClosedAsync(stream);

        Assert.That(rest, Does.Not.EndWith("0\r\n\r\n"));
        Assert.That((await _cache.Log.WaitForAsync(124)).Exception!.Message, Does.Contain("z-last"));
    }

    [Test]
    public async Task Many_clients_at_once_all_get_the_whole()
    {
        ValidPathInfo small = _cache.AddFile("small", [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i / 1000))]);
        byte[] nar = _cache.Dump(small.Path);

        HttpResponseMessage[] responses = await Task.WhenAll(Enumerable.Range(0, 32).Select(
            _ => _cache.GetAsync(CacheInMemory.NarUrl(small), ("Accept-Encoding", "zstd"))));

        foreach (HttpResponseMessage response in responses)
        {
            Assert.That((await Decoding.BodyOfAsync(response)).AsSpan().SequenceEqual(nar));
            response.Dispose();
        }

        // The last bytes may arrive before the encoder is given up.
        await Patience.UntilAsync(async () => await ActiveAsync() == 0);
    }

    private async Task<double> ActiveAsync() => MetricSample.ValueOf(
        await _cache.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative)), "harmonia_compression_active_encoders", "coding=\"zstd\"");

    /// <summary>Begins a compressed download and stops reading after the head.</summary>
    private async Task<NetworkStream> HoldEncoderAsync()
    {
        NetworkStream stream = await _cache.ConnectAsync();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"GET {CacheInMemory.NarUrl(_large)} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAccept-Encoding: zstd\r\n\r\n"));
        Assert.That(await RawResponse.ReadHeadAsync(stream), Does.StartWith("HTTP/1.1 200 ").And.Contain("Content-Encoding: zstd"));
        return stream;
    }

    private static async Task<string> ReadUntilClosedAsync(NetworkStream stream)
    {
        StringBuilder last = new();
        byte[] buffer = new byte[1024 * 1024];
        try
        {
            for (int read = await stream.ReadAsync(buffer); read > 0; read = await stream.ReadAsync(buffer))
                last.Clear().Append(Encoding.Latin1.GetString(buffer, 0, read));
        }
        catch (IOException)
        {
            // The connection was reset, which is one way to be cut.
        }

        return last.ToString();
    }
}
