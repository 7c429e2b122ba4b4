using System.Net;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Pages;

/// <summary>What a listing says about its entries, and the URL with the name of the path.</summary>
public sealed class ListingPageTests
{
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserExecute;

    private CacheInMemory _cache = null!;
    private ValidPathInfo _path = null!;
    private ValidPathInfo _other = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _cache = await CacheInMemory.StartAsync();
        _other = _cache.Add("other", root =>
        {
            Directory.CreateDirectory(Path.Combine(root, "dir"));
            File.WriteAllText(Path.Combine(root, "page.html"), "<p>other");
        });
        _path = _cache.Add("path?", root =>
        {
            Directory.CreateDirectory(Path.Combine(root, "share", "deep"));
            foreach (string name in (string[])["v10", "v9"])
                File.WriteAllText(Path.Combine(root, name), name);
            File.WriteAllText(Path.Combine(root, "run"), "#!/bin/sh\n");
            File.SetUnixFileMode(Path.Combine(root, "run"), Executable);
            File.CreateSymbolicLink(Path.Combine(root, "to-dir"), $"../{_other.Path.BaseName}/dir");
            File.CreateSymbolicLink(Path.Combine(root, "to-file"), $"/nix/store/{_other.Path.BaseName}/page.html");
            File.CreateSymbolicLink(Path.Combine(root, "dead"), "gone");
            File.CreateSymbolicLink(Path.Combine(root, "outside"), "/etc/passwd");
        });
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _cache.DisposeAsync();

    [TearDown]
    public void MendCatalog() => _cache.Catalog.Failure = null;

    private string Named => $"/serve/{_path.Path.Hash}-path%3F";

    [Test]
    public async Task Each_entry_is_shown_as_what_it_is()
    {
        string page = await PageAsync($"{Named}/");

        Assert.That(page, Does.Contain("<a href=\"run\"><bdi>run</bdi></a> <span class=\"mark\">executable</span></td>"));
        Assert.That(page, Does.Contain($"<a href=\"../../path/{_path.Path.Hash}\">About this path</a>"));
        Assert.That(page, Does.Contain("<a href=\"v9\"><bdi>v9</bdi></a></td>"));
        Assert.That(page, Does.Contain("<a href=\"to-dir/\"><bdi>to-dir</bdi>/</a> <span class=\"quiet\">→ "));
        Assert.That(page, Does.Contain("<a href=\"to-file\"><bdi>to-file</bdi></a> <span class=\"quiet\">→ "));
        foreach (string dead in (string[])["<bdi>dead</bdi> <span class=\"quiet\">→ <bdi>gone", "<bdi>outside</bdi> <span class=\"quiet\">→ <bdi>/etc/passwd"])
            Assert.That(page, Does.Contain($"<td class=\"name\">{dead}</bdi></span> <span class=\"mark\">leads nowhere here</span></td>"));
    }

    [Test]
    public async Task Links_to_directories_are_among_the_directories_and_numbers_count()
    {
        string page = await PageAsync($"{Named}/");
        string[] names = [.. page.Split("<td class=\"name\">").Skip(1).Select(row => row.Split("<bdi>")[1].Split("</bdi>")[0])];

        Assert.That(names, Is.EqualTo(new[] { "share", "to-dir", "dead", "outside", "run", "to-file", "v9", "v10" }));
    }

    [Test]
    public async Task The_way_up_is_above_the_heading()
    {
        string page = await PageAsync($"{Named}/share/deep/");

        Assert.That(page, Does.Contain(
            "<nav class=\"trail\" aria-label=\"Breadcrumb\"><a href=\"../../../../\">Nix binary cache</a> / "
            + $"<a href=\"../../\"><bdi>{_path.Path.BaseName}</bdi></a> / <a href=\"../\"><bdi>share</bdi></a> /</nav>\n<h1>Index of <bdi>deep</bdi></h1>"));
    }

    [Test]
    public async Task A_link_to_a_file_has_the_type_of_the_file()
    {
        using HttpResponseMessage response = await _cache.GetAsync($"{Named}/to-file");

        Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("text/html"));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("<p>other"));
    }

    [Test]
    public async Task The_name_of_the_path_may_follow_the_hash_if_it_is_right()
    {
        using HttpResponseMessage named = await _cache.GetAsync($"{Named}/run");
        using HttpResponseMessage wrong = await _cache.GetAsync($"/serve/{_path.Path.Hash}-other/run");
        string redirected = await _cache.SendRawAsync($"GET {Named} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        Assert.That(await named.Content.ReadAsStringAsync(), Is.EqualTo("#!/bin/sh\n"));
        Assert.That(wrong.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await wrong.Content.ReadAsStringAsync(), Is.EqualTo("missed hash"));
        Assert.That(redirected, Does.StartWith("HTTP/1.1 302 ").And.Contain($"\r\nLocation: ./{_path.Path.Hash}-path%3F/\r\n"));
    }

    private async Task<string> PageAsync(string url) => await _cache.Client.GetStringAsync(new Uri(url, UriKind.Relative));
}
