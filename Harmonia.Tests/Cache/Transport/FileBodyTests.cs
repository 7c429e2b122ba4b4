using System.Net.Sockets;
using System.Text;
using Harmonia.Cache.Configuration;
using Harmonia.Cache.Transport;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Transport;

/// <summary>Bodies that come from files, over real connections and from real files.</summary>
public sealed class FileBodyTests
{
    private const int Limit = FileBody.MinZeroCopyLength;

    private static readonly int[] Lengths = [0, 1, Limit - 1, Limit, Limit + 1, (1024 * 1024) + 5, 3 * 1024 * 1024];

    private CacheInMemory _cache = null!;
    private ValidPathInfo _tree = null!;
    private byte[] _nar = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _cache = await CacheInMemory.StartAsync(new CacheOptions { AccessLog = true });
        _tree = _cache.Add("tree", root =>
        {
            Directory.CreateDirectory(root);
            foreach (int length in Lengths)
                File.WriteAllBytes(Path.Combine(root, $"{length}"), Contents(length));
        });
        _nar = _cache.Dump(_tree.Path);
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _cache.DisposeAsync();

    [Test]
    public async Task Every_body_is_the_file()
    {
        Assert.That(await _cache.Client.GetByteArrayAsync(new Uri(NarUrl, UriKind.Relative)), Is.EqualTo(_nar));
        foreach (int length in Lengths)
            Assert.That(await _cache.Client.GetByteArrayAsync(new Uri(FileUrl(length), UriKind.Relative)), Is.EqualTo(Contents(length)), $"{length}");
    }

    [Test]
    public async Task Every_range_is_that_part()
    {
        Random random = new(1);
        await using NetworkStream stream = await _cache.ConnectAsync();
        byte[] file = Contents(Lengths[^1]);
        for (int count = 0; count < 300; count++)
        {
            (string url, byte[] whole) = count % 2 == 0 ? (NarUrl, _nar) : (FileUrl(Lengths[^1]), file);
            int first = random.Next(whole.Length);
            int last = Math.Min(whole.Length - 1, first + random.Next(count % 3 == 0 ? 1000 : 2 * Limit));
            await stream.WriteAsync(Request("GET", url, $"Range: bytes={first}-{last}"));

            RawResponse response = await RawResponse.ReadAsync(stream);

            Assert.That(response.Head, Does.StartWith("HTTP/1.1 206 "));
            Assert.That(response.Body.AsSpan().SequenceEqual(whole.AsSpan(first..(last + 1))), $"{url} {first}-{last}");
        }
    }

    [Test]
    public async Task Requests_that_are_sent_at_once_are_answered_in_order()
    {
        await using NetworkStream stream = await _cache.ConnectAsync();
        int large = Lengths[^1];
        Task sending = stream.WriteAsync((byte[])[
            .. Request("GET", NarUrl), .. Request("HEAD", NarUrl), .. Request("GET", FileUrl(large)), .. Request("HEAD", FileUrl(large)),
            .. Request("GET", "/health"), .. Request("GET", FileUrl(Limit)), .. Request("GET", NarUrl, "Connection: close"),
        ]).AsTask();

        RawResponse nar = await RawResponse.ReadAsync(stream);
        RawResponse narHead = await RawResponse.ReadAsync(stream, hasBody: false);
        RawResponse file = await RawResponse.ReadAsync(stream);
        RawResponse fileHead = await RawResponse.ReadAsync(stream, hasBody: false);
        RawResponse health = await RawResponse.ReadAsync(stream);
        RawResponse small = await RawResponse.ReadAsync(stream);
        RawResponse last = await RawResponse.ReadAsync(stream);
        await sending.InTime();

        Assert.That(nar.Body, Is.EqualTo(_nar));
        Assert.That(narHead.Length, Is.EqualTo(_nar.Length));
        Assert.That(file.Body, Is.EqualTo(Contents(large)));
        Assert.That(fileHead.Length, Is.EqualTo(large));
        Assert.That(health.Body, Is.EqualTo("OK\n"u8.ToArray()));
        Assert.That(small.Body, Is.EqualTo(Contents(Limit)));
        Assert.That(last.Body, Is.EqualTo(_nar));
        Assert.That(await stream.ReadAsync(new byte[1]).AsTask().InTime(), Is.Zero);
    }

    [Test]
    public async Task A_client_that_takes_little_at_a_time_gets_every_byte()
    {
        ValidPathInfo path = _cache.AddFile("throttled", Contents(6 * 1024 * 1024));
        byte[] expected = _cache.Dump(path.Path);
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(_cache.EndPoint);
        await using NetworkStream stream = new(socket);
        await stream.WriteAsync(Request("GET", CacheInMemory.NarUrl(path)));
        await RawResponse.ReadHeadAsync(stream);

        byte[] body = new byte[expected.Length];
        for (int received = 0; received < body.Length;)
        {
            int read = await stream.ReadAsync(body.AsMemory(received, Math.Min(1500, body.Length - received))).AsTask().InTime();
            Assert.That(read, Is.Positive);
            received += read;
        }

        Assert.That(body, Is.EqualTo(expected));
    }

    [Test]
    public async Task The_access_log_counts_what_the_kernel_copied()
    {
        ValidPathInfo path = _cache.AddFile("counted", Contents(Lengths[^1]));

        byte[] body = await _cache.Client.GetByteArrayAsync(new Uri(CacheInMemory.NarUrl(path), UriKind.Relative));

        Assert.That(body, Has.Length.EqualTo((int)path.Info.NarSize));
        await Patience.UntilAsync(() => _cache.Log.Entries.Any(entry =>
            entry.Message.Contains(CacheInMemory.NarUrl(path), StringComparison.Ordinal)
            && entry.Message.Contains($" {body.Length} ", StringComparison.Ordinal)));
    }

    [TestCase("shrinks")]
    [TestCase("grows")]
    [TestCase("is written to")]
    [TestCase("is served and shrinks")]
    public async Task A_file_that_changes_under_way_never_ends_a_body_well(string change)
    {
        // More than the socket buffers of both ends hold, so that the server stands still until the client reads on.
        const long Length = 64L * 1024 * 1024;
        ValidPathInfo path = _cache.Add(change.Replace(' ', '-'), file =>
        {
            using FileStream created = File.Create(file);
            created.SetLength(Length);
        });
        // Only bytes that were verified once go out uncopied.
        await _cache.Client.GetByteArrayAsync(new Uri(CacheInMemory.NarUrl(path), UriKind.Relative));
        await using NetworkStream stream = await _cache.ConnectAsync();
        await stream.WriteAsync(Request(
            "GET", change.Contains("served", StringComparison.Ordinal) ? $"/serve/{path.Path.Hash}" : CacheInMemory.NarUrl(path)));
        await RawResponse.ReadHeadAsync(stream);

        await using (FileStream file = File.OpenWrite(_cache.FileOf(path.Path)))
        {
            if (change == "grows")
                file.SetLength(Length + 1);
            else if (change == "is written to")
                file.WriteByte(1);
            else
                file.SetLength(Length / 2);
        }

        Assert.That(await CountUntilClosedAsync(stream), Is.LessThan(Length));
        await Patience.UntilAsync(() => EntriesAbout(path).Any());
        Assert.That(EntriesAbout(path).Select(entry => entry.EventId), Is.EqualTo(new[] { 124 }), string.Join('\n', EntriesAbout(path)));
        Assert.That(EntriesAbout(path).Single().Exception!.Message, Does.Contain(_cache.FileOf(path.Path)));
    }

    // Except the access log's.
    private IEnumerable<CapturedLogEntry> EntriesAbout(ValidPathInfo path) => _cache.Log.Entries.Where(entry =>
        entry.EventId != 120 && entry.Message.Contains(path.Path.Hash.ToString(), StringComparison.Ordinal));

    private string NarUrl => CacheInMemory.NarUrl(_tree);

    private string FileUrl(int length) => $"/serve/{_tree.Path.Hash}/{length}";

    private static byte[] Contents(int length)
    {
        byte[] contents = new byte[length];
        new Random(length).NextBytes(contents);
        return contents;
    }

    private static byte[] Request(string method, string url, string header = "Accept: */*") =>
        Encoding.ASCII.GetBytes($"{method} {url} HTTP/1.1\r\nHost: localhost\r\n{header}\r\n\r\n");

    private static async Task<long> CountUntilClosedAsync(NetworkStream stream)
    {
        long count = 0;
        byte[] buffer = new byte[1024 * 1024];
        try
        {
            for (int read = await stream.ReadAsync(buffer).AsTask().InTime(); read > 0; read = await stream.ReadAsync(buffer).AsTask().InTime())
                count += read;
        }
        catch (IOException)
        {
            // The connection was reset, which is one way to be cut.
        }

        return count;
    }
}
