using System.Diagnostics;
using System.Net;
using Harmonia.Cache.Configuration;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Pages;

public sealed class ServeEndpointTests
{
    private CacheInMemory _cache = null!;
    private ValidPathInfo _path = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _cache = await CacheInMemory.StartAsync();
        _path = _cache.Add("path", root =>
        {
            Directory.CreateDirectory(Path.Combine(root, "doc"));
            Directory.CreateDirectory(Path.Combine(root, "a:b", "sub"));
            File.WriteAllText(Path.Combine(root, "doc", "index.html"), "<p>manual");
            File.WriteAllText(Path.Combine(root, "doc", "data.bin"), "0123456789");
            File.WriteAllBytes(Path.Combine(root, "doc", "zeros"), new byte[10]);
            foreach (string name in (string[])["b", "B", "a", "100%25", "x\" onmouseover=\"alert(1)", "[[css]]", "[[title]]", "ü.txt", "a?b#c"])
                File.WriteAllText(Path.Combine(root, name), name);
            File.CreateSymbolicLink(Path.Combine(root, "link"), "doc/index.html");
            // Two names that are not UTF-8, which .NET cannot make.
            ProcessStartInfo start = new("bash", ["-c", "printf one >$'\\xff' && printf two >$'\\xfe.txt'"]) { WorkingDirectory = root };
            using Process process = Process.Start(start)!;
            process.WaitForExit();
        });
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _cache.DisposeAsync();

    private string Root => $"/serve/{_path.Path.Hash}";

    [TestCase("/doc/index.html", "text/html; charset=utf-8", "inline; filename=\"index.html\"")]
    [TestCase("/doc/", "text/html; charset=utf-8", "inline; filename=\"index.html\"")]
    [TestCase("/link", "text/html; charset=utf-8", "inline; filename=\"link\"")]
    [TestCase("/doc/zeros", "application/octet-stream", "attachment; filename=\"zeros\"")]
    [TestCase("/doc/data.bin", "text/plain; charset=utf-8", "inline; filename=\"data.bin\"")]
    [TestCase("/B", "text/plain; charset=utf-8", "inline; filename=\"B\"")]
    [TestCase("/%C3%BC.txt", "text/plain; charset=utf-8", "inline; filename=\"_.txt\"; filename*=UTF-8''%C3%BC.txt")]
    public async Task A_file_has_its_type_and_name(string inner, string type, string disposition)
    {
        using HttpResponseMessage response = await _cache.GetAsync(Root + inner);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(response.Content.Headers.NonValidated["Content-Type"].ToString(), Is.EqualTo(type));
        Assert.That(response.Content.Headers.NonValidated["Content-Disposition"].ToString(), Is.EqualTo(disposition));
        Assert.That(response.Headers.GetValues("X-Content-Type-Options"), Is.EqualTo(new[] { "nosniff" }));
        Assert.That(response.Headers.CacheControl, Is.Null);
        Assert.That(response.Headers.AcceptRanges, Is.EqualTo(new[] { "bytes" }));
        Assert.That(response.Headers.ETag?.IsWeak, Is.False);
    }

    [TestCase("/%ff", "one")]
    [TestCase("/%FE.txt", "two")]
    [TestCase("/100%2525", "100%25")]
    [TestCase("/a%3Fb%23c", "a?b#c")]
    public async Task Any_bytes_can_be_a_name(string inner, string contents)
    {
        string response = await _cache.SendRawAsync($"GET {Root}{inner} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        Assert.That(response, Does.StartWith("HTTP/1.1 200 ").And.EndsWith($"\r\n\r\n{contents}"));
    }

    [Test]
    public async Task Head_has_the_headers_of_get_and_no_body()
    {
        foreach (string inner in (string[])["/doc/data.bin", "/"])
        {
            using HttpResponseMessage get = await _cache.GetAsync(Root + inner);
            using HttpResponseMessage head = await _cache.SendAsync(HttpMethod.Head, Root + inner);

            Assert.That(head.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(head.Content.Headers.ContentLength, Is.EqualTo(get.Content.Headers.ContentLength).And.GreaterThan(0));
            Assert.That(head.Headers.ETag, Is.EqualTo(get.Headers.ETag));
            Assert.That(await head.Content.ReadAsByteArrayAsync(), Is.Empty);
        }
    }

    [TestCase("bytes=2-4", "234", "bytes 2-4/10")]
    [TestCase("bytes=-1", "9", "bytes 9-9/10")]
    [TestCase("bytes=0-", "0123456789", "bytes 0-9/10")]
    public async Task A_range_gives_that_part(string range, string part, string contentRange)
    {
        using HttpResponseMessage response = await _cache.GetAsync($"{Root}/doc/data.bin", ("Range", range), ("Accept-Encoding", "zstd, gzip"));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.PartialContent));
        Assert.That(response.Content.Headers.ContentRange?.ToString(), Is.EqualTo(contentRange));
        Assert.That(response.Content.Headers.ContentEncoding, Is.Empty);
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(part));
    }

    [Test]
    public async Task A_range_after_the_end_cannot_be_satisfied()
    {
        using HttpResponseMessage response = await _cache.GetAsync($"{Root}/doc/data.bin", ("Range", "bytes=10-"));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.RequestedRangeNotSatisfiable));
        Assert.That(response.Content.Headers.ContentRange?.ToString(), Is.EqualTo("bytes */10"));
    }

    [Test]
    public async Task A_client_that_has_the_file_gets_304()
    {
        using HttpResponseMessage first = await _cache.GetAsync($"{Root}/doc/data.bin");
        using HttpResponseMessage again = await _cache.GetAsync($"{Root}/doc/data.bin", ("If-None-Match", first.Headers.ETag!.ToString()));
        using HttpResponseMessage another = await _cache.GetAsync($"{Root}/doc/index.html", ("If-None-Match", first.Headers.ETag!.ToString()));

        Assert.That(again.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
        Assert.That(again.Headers.ETag, Is.EqualTo(first.Headers.ETag));
        Assert.That(another.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task The_tag_of_a_file_is_the_same_after_it_was_written_again()
    {
        using HttpResponseMessage before = await _cache.GetAsync($"{Root}/doc/data.bin");
        string file = Path.Combine(_cache.FileOf(_path.Path), "doc", "data.bin");
        File.Delete(file);
        File.WriteAllText(file, "0123456789");
        using HttpResponseMessage after = await _cache.GetAsync($"{Root}/doc/data.bin");

        Assert.That(after.Headers.ETag, Is.EqualTo(before.Headers.ETag));
    }

    [TestCase("", "./11111111111111111111111111111111/")]
    [TestCase("/doc", "./doc/")]
    [TestCase("/a:b", "./a%3Ab/")]
    [TestCase("/a%3ab/sub", "./sub/")]
    public async Task A_directory_without_a_slash_sends_to_the_one_with_it(string inner, string location)
    {
        string response = await _cache.SendRawAsync($"GET {Root}{inner} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        Assert.That(response, Does.StartWith("HTTP/1.1 302 ").And.Contain($"\r\nLocation: {location}\r\n"));
        using HttpResponseMessage followed = await _cache.GetAsync(Root + inner);
        Assert.That(followed.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task A_listing_has_directories_first_and_each_in_natural_order()
    {
        string page = await _cache.Client.GetStringAsync(new Uri($"{Root}/", UriKind.Relative));
        string[] links = [.. page.Split("<td class=\"name\"><a href=\"").Skip(1).Select(row => row[..row.IndexOf('"')])];

        Assert.That(links, Is.EqualTo(new[]
        {
            "a%3Ab/", "doc/", "100%2525", "%5B%5Bcss%5D%5D", "%5B%5Btitle%5D%5D", "a", "a%3Fb%23c", "B", "b", "link",
            "x%22%20onmouseover%3D%22alert%281%29", "%C3%BC.txt", "%FE.txt", "%FF",
        }));
        foreach (string link in links)
        {
            string response = await _cache.SendRawAsync($"GET {Root}/{link} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            Assert.That(response, Does.StartWith("HTTP/1.1 200 "), link);
        }
    }

    [Test]
    public async Task A_listing_shows_sizes_targets_and_the_way_up_and_no_markup_of_names()
    {
        string page = await _cache.Client.GetStringAsync(new Uri($"{Root}/", UriKind.Relative));
        string below = await _cache.Client.GetStringAsync(new Uri($"{Root}/a:b/", UriKind.Relative));

        Assert.That(page, Does.Contain("Index of <bdi><span class=\"hash\">11111111111111111111111111111111-</span>path</bdi>"));
        Assert.That(page, Does.Contain("<bdi>link</bdi></a> <span class=\"quiet\">→ <bdi>doc/index.html</bdi>"));
        Assert.That(page, Does.Contain("<bdi>a</bdi></a></td><td class=\"size\">1 B</td>"));
        Assert.That(page, Does.Contain("<bdi>[[css]]</bdi>"));
        Assert.That(page, Does.Contain("<bdi>x&quot; onmouseover=&quot;alert(1)</bdi>"));
        Assert.That(page, Does.Contain(@"<bdi>\xff</bdi>"));
        Assert.That(page, Does.Not.Contain("<a href=\"../\">"));
        Assert.That(below, Does.Contain("<a href=\"../\">../</a>"));
    }

    [Test]
    public async Task A_single_file_is_served_under_the_hash_alone()
    {
        ValidPathInfo file = _cache.AddFile("notes.txt", [.. "hello"u8]);
        foreach (string slash in (string[])["", "/"])
        {
            using HttpResponseMessage response = await _cache.GetAsync($"/serve/{file.Path.Hash}{slash}");

            Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("hello"));
            Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("text/plain"));
        }
    }

    [Test]
    public async Task A_path_without_files_is_a_missed_hash()
    {
        ValidPathInfo gone = _cache.AddFile("gone", [1]);
        File.Delete(_cache.FileOf(gone.Path));

        using HttpResponseMessage response = await _cache.GetAsync($"/serve/{gone.Path.Hash}");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("missed hash"));
    }

    [Test]
    public async Task Serving_and_listing_can_be_switched_off()
    {
        await using CacheInMemory silent = await CacheInMemory.StartAsync(new CacheOptions { Serve = false });
        await using CacheInMemory unlisted = await CacheInMemory.StartAsync(new CacheOptions { Listing = false });
        foreach (CacheInMemory cache in (CacheInMemory[])[silent, unlisted])
        {
            cache.Add("tree", root =>
            {
                Directory.CreateDirectory(Path.Combine(root, "plain"));
                File.WriteAllText(Path.Combine(root, "index.html"), "index");
            });
        }

        const string Tree = "/serve/11111111111111111111111111111111/";
        Assert.That(await StatusAsync(silent, Tree), Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await StatusAsync(silent, Tree + "index.html"), Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await StatusAsync(unlisted, Tree), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await StatusAsync(unlisted, Tree + "plain/"), Is.EqualTo(HttpStatusCode.NotFound));
    }

    private static async Task<HttpStatusCode> StatusAsync(CacheInMemory cache, string url)
    {
        using HttpResponseMessage response = await cache.GetAsync(url);
        return response.StatusCode;
    }
}
