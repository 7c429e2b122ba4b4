using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Nar;

public sealed class NarListingEndpointTests
{
    private CacheInMemory _cache = null!;
    private ValidPathInfo _tree = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _cache = await CacheInMemory.StartAsync();
        _tree = _cache.Add("tree", root =>
        {
            Directory.CreateDirectory(Path.Combine(root, "bin", "empty"));
            File.WriteAllText(Path.Combine(root, "bin", "run"), "#!/bin/sh\n");
            File.SetUnixFileMode(Path.Combine(root, "bin", "run"), (UnixFileMode)0b101_101_101);
            File.WriteAllText(Path.Combine(root, "ü \"quoted\""), "x");
            File.WriteAllText(Path.Combine(root, "zero"), "");
            File.CreateSymbolicLink(Path.Combine(root, "link"), "bin/run");
            for (int i = 0; i < 1000; i++)
                File.WriteAllText(Path.Combine(root, "bin", $"file-{i:d4}"), new string('x', i));
        });
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _cache.DisposeAsync();

    private string Url => $"/{_tree.Path.Hash}.ls";

    [Test]
    public async Task A_listing_is_JSON_for_a_year()
    {
        using HttpResponseMessage response = await _cache.GetAsync(Url);
        using HttpResponseMessage again = await _cache.GetAsync(Url, ("If-None-Match", response.Headers.ETag!.ToString()));
        using HttpResponseMessage head = await _cache.SendAsync(HttpMethod.Head, Url);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(response.Content.Headers.ContentType?.ToString(), Is.EqualTo("application/json"));
        Assert.That(response.Headers.CacheControl?.ToString(), Is.EqualTo("max-age=31536000"));
        Assert.That(again.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
        Assert.That(head.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await head.Content.ReadAsByteArrayAsync(), Is.Empty);
    }

    [Test]
    public async Task Each_offset_is_where_the_contents_lie_in_the_nar()
    {
        byte[] nar = _cache.Dump(_tree.Path);
        JsonNode root = (await ListAsync(_tree))["root"]!;
        JsonObject bin = root["entries"]!["bin"]!["entries"]!.AsObject();

        JsonNode run = bin["run"]!;
        Assert.That(nar.AsSpan((int)run["narOffset"]!, (int)run["size"]!).SequenceEqual("#!/bin/sh\n"u8));
        for (int i = 1; i < 1000; i++)
        {
            JsonNode file = bin[$"file-{i:d4}"]!;
            ReadOnlySpan<byte> contents = nar.AsSpan((int)file["narOffset"]!, (int)file["size"]!);
            Assert.That(contents.Length == i && !contents.ContainsAnyExcept((byte)'x'), $"{i}");
        }
    }

    [Test]
    public async Task A_file_and_a_link_can_be_a_whole_path()
    {
        ValidPathInfo file = _cache.AddFile("file", [.. "hello"u8]);
        ValidPathInfo link = _cache.Add("link", root => File.CreateSymbolicLink(root, "/nowhere"));

        Assert.That(
            await _cache.Client.GetStringAsync(new Uri($"/{file.Path.Hash}.ls", UriKind.Relative)),
            Is.EqualTo("""{"root":{"executable":false,"narOffset":96,"size":5,"type":"regular"},"version":1}"""));
        Assert.That(
            await _cache.Client.GetStringAsync(new Uri($"/{link.Path.Hash}.ls", UriKind.Relative)),
            Is.EqualTo("""{"root":{"target":"/nowhere","type":"symlink"},"version":1}"""));
    }

    [Test]
    public async Task Names_that_are_not_text_stay_distinct_and_the_rest_is_readable()
    {
        ValidPathInfo path = _cache.Add("bytes", root =>
        {
            Directory.CreateDirectory(root);
            ProcessStartInfo start = new("bash", ["-c", "ln -s $'\\x80' $'a\\xff' && mkdir $'a\\xfe'"]) { WorkingDirectory = root };
            using Process process = Process.Start(start)!;
            process.WaitForExit();
        });

        JsonObject entries = (await ListAsync(path))["root"]!["entries"]!.AsObject();

        Assert.That(entries.Select(entry => entry.Key), Is.EqualTo(new[] { "a\ufffdfe", "a\ufffdff" }));
        Assert.That((string?)entries["a\ufffdff"]!["target"], Is.EqualTo("\ufffd80"));
    }

    [Test]
    public async Task An_unknown_or_missing_path_is_404()
    {
        ValidPathInfo gone = _cache.AddFile("gone", [1]);
        File.Delete(_cache.FileOf(gone.Path));

        foreach (string url in (string[])["/0000000000000000000000000000000a.ls", $"/{gone.Path.Hash}.ls", "/..%2f..%2fetc%2fpasswd.ls"])
        {
            using HttpResponseMessage response = await _cache.GetAsync(url);

            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound), url);
            Assert.That(response.Headers.CacheControl?.ToString(), Is.EqualTo("no-store"), url);
        }
    }

    [Test]
    public async Task Files_that_make_a_NAR_of_another_size_have_no_listing_and_the_log_says_why()
    {
        ValidPathInfo path = _cache.AddFile("longer", [1]);
        await File.WriteAllBytesAsync(_cache.FileOf(path.Path), new byte[100]);

        using HttpResponseMessage response = await _cache.GetAsync($"/{path.Path.Hash}.ls");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("Not Found"));
        Assert.That(_cache.Log.Entries.Select(entry => entry.EventId), Does.Contain(131));
    }

    private async Task<JsonNode> ListAsync(ValidPathInfo path)
    {
        byte[] json = await _cache.Client.GetByteArrayAsync(new Uri($"/{path.Path.Hash}.ls", UriKind.Relative));
        JsonNode listing = JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false })!;
        Assert.That((int)listing["version"]!, Is.EqualTo(1));
        return listing;
    }
}
