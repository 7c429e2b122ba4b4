using System.Net;
using System.Net.Sockets;
using System.Text;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Nar;

/// <summary>Files that do not match the database, and clients that disconnect.</summary>
public sealed class BrokenNarTests
{
    // More than the socket buffers of both ends hold, so that the server stands still until the client reads on.
    private const long MoreThanBuffers = 64L * 1024 * 1024;

    private CacheInMemory _cache = null!;

    [SetUp]
    public async Task StartAsync() => _cache = await CacheInMemory.StartAsync();

    [TearDown]
    public async Task StopAsync() => await _cache.DisposeAsync();

    [Test]
    public async Task A_path_whose_files_make_another_size_is_not_found_and_the_log_has_both_numbers()
    {
        ValidPathInfo path = _cache.AddFile("grown", new byte[100]);
        await File.AppendAllTextAsync(_cache.FileOf(path.Path), "0123456789abcdef");

        await AssertNotFoundAsync(path);

        CapturedLogEntry entry = await _cache.Log.WaitForAsync(131);
        Assert.That(entry.Level, Is.EqualTo(LogLevel.Error));
        Assert.That(entry.Message, Does.Contain(path.Path.BaseName).And.Contain("216 bytes").And.Contain("has 232"));
    }

    [Test]
    public async Task A_path_without_files_is_not_found()
    {
        ValidPathInfo path = _cache.AddFile("gone", [1]);
        File.Delete(_cache.FileOf(path.Path));

        await AssertNotFoundAsync(path);

        Assert.That((await _cache.Log.WaitForAsync(132)).Message, Does.Contain(path.Path.BaseName));
    }

    [Test]
    public async Task A_path_that_no_nar_can_hold_is_not_found()
    {
        ValidPathInfo path = _cache.AddFile("socket", [1]);
        File.Delete(_cache.FileOf(path.Path));
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(_cache.FileOf(path.Path)));

        await AssertNotFoundAsync(path);

        Assert.That((await _cache.Log.WaitForAsync(132)).Level, Is.EqualTo(LogLevel.Error));
    }

    [Test]
    public async Task A_path_without_a_size_is_not_found()
    {
        ValidPathInfo path = _cache.AddFile("unsized", [1]);
        _cache.Catalog.Add(path with { Info = path.Info with { NarSize = 0 } });

        await AssertNotFoundAsync(path);

        Assert.That((await _cache.Log.WaitForAsync(130)).Message, Does.Contain(path.Path.BaseName));
    }

    [Test]
    public async Task A_file_that_shrinks_under_way_cuts_the_connection_and_never_ends_a_short_body_well()
    {
        ValidPathInfo path = AddLarge();
        await using NetworkStream stream = await _cache.ConnectAsync();
        long promised = await StartDownloadAsync(stream, path);

        using (FileStream last = File.OpenWrite(Path.Combine(_cache.FileOf(path.Path), "z-last")))
            last.SetLength(10);
        long received = await CountUntilClosedAsync(stream);

        Assert.That(received, Is.LessThan(promised));
        CapturedLogEntry entry = await _cache.Log.WaitForAsync(124);
        Assert.That(entry.Level, Is.EqualTo(LogLevel.Error));
        Assert.That(entry.Exception!.Message, Does.Contain("z-last"));
    }

    [Test]
    public async Task A_client_that_disconnects_ends_the_reading_without_an_error()
    {
        ValidPathInfo path = AddLarge();
        await using (NetworkStream stream = await _cache.ConnectAsync())
            await StartDownloadAsync(stream, path);

        await _cache.Log.WaitForAsync(121);

        Assert.That(_cache.Log.Entries.Where(entry => entry.Level >= LogLevel.Warning), Is.Empty);
    }

    [Test]
    public async Task A_download_under_way_is_finished_when_the_server_stops()
    {
        ValidPathInfo path = AddLarge();
        await using NetworkStream stream = await _cache.ConnectAsync();
        long promised = await StartDownloadAsync(stream, path);

        Task stopping = _cache.StopAsync();
        long received = await CountUntilClosedAsync(stream);
        await stopping;

        Assert.That(received, Is.EqualTo(promised));
    }

    private ValidPathInfo AddLarge() => _cache.Add("large", root =>
    {
        Directory.CreateDirectory(root);
        using (FileStream first = File.Create(Path.Combine(root, "a-first")))
            first.SetLength(MoreThanBuffers);
        File.WriteAllBytes(Path.Combine(root, "z-last"), new byte[1000]);
    });

    /// <summary>Sends the request, reads the head and some of the body, and returns how much of the body is to come.</summary>
    private static async Task<long> StartDownloadAsync(NetworkStream stream, ValidPathInfo path)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"GET {CacheInMemory.NarUrl(path)} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
        Assert.That(await RawResponse.ReadHeadAsync(stream), Does.StartWith("HTTP/1.1 200 "));
        await stream.ReadExactlyAsync(new byte[1000]);
        return (long)path.Info.NarSize - 1000;
    }

    private static async Task<long> CountUntilClosedAsync(NetworkStream stream)
    {
        long count = 0;
        byte[] buffer = new byte[1024 * 1024];
        try
        {
            for (int read = await stream.ReadAsync(buffer); read > 0; read = await stream.ReadAsync(buffer))
                count += read;
        }
        catch (IOException)
        {
            // The connection was reset, which is one way to be cut.
        }

        return count;
    }

    private async Task AssertNotFoundAsync(ValidPathInfo path)
    {
        foreach (HttpMethod method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Head])
        {
            using HttpResponseMessage response = await _cache.SendAsync(method, CacheInMemory.NarUrl(path));

            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
            Assert.That(response.Headers.CacheControl?.ToString(), Is.EqualTo("no-store"));
            Assert.That(response.Headers.ETag, Is.Null);
            Assert.That(await response.Content.ReadAsStringAsync(), Does.Not.Contain("/"));
        }
    }
}
