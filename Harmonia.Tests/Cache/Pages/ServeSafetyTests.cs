using System.Diagnostics;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Pages;

/// <summary>
/// Whoever can build can put any link into the store, and whoever can connect can send any bytes. Each way out of valid paths that is
/// known is tried over a raw socket, since a client library would tidy the URL up.
/// </summary>
public sealed class ServeSafetyTests
{
    private const string Secret = "the signing key";

    private CacheInMemory _cache = null!;
    private TemporaryDirectory _outside = null!;
    private ValidPathInfo _path = null!;
    private ValidPathInfo _other = null!;
    private StorePath _invalid = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _cache = await CacheInMemory.StartAsync();
        _outside = new TemporaryDirectory();
        File.WriteAllText(_outside["secret"], Secret);

        // On disk, but not valid: being built, or not collected yet.
        _invalid = StorePath.Parse("zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz-invalid");
        Directory.CreateDirectory(_cache.FileOf(_invalid));
        File.WriteAllText(Path.Combine(_cache.FileOf(_invalid), "file"), Secret);
        File.WriteAllText(Path.Combine(_cache.RealStore, "stray"), Secret);

        _other = _cache.Add("other", root =>
        {
            Directory.CreateDirectory(Path.Combine(root, "dir"));
            File.WriteAllText(Path.Combine(root, "dir", "file"), "of the other path");
            File.CreateSymbolicLink(Path.Combine(root, "out"), _outside["secret"]);
        });
        _path = _cache.Add("path", Fill);
        // No NAR can hold it, so it can only have come later.
        using Process process = Process.Start("mkfifo", Path.Combine(_cache.FileOf(_path.Path), "special", "index.html"));
        await process.WaitForExitAsync();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _cache.DisposeAsync();
        _outside.Dispose();
    }

    private void Fill(string root)
    {
        void Link(string name, string target) => File.CreateSymbolicLink(Path.Combine(root, name), target);

        Directory.CreateDirectory(Path.Combine(root, "dir", "deep"));
        File.WriteAllText(Path.Combine(root, "file"), "of the path");
        foreach (string directory in (string[])["indexed", "climbing", "invalid", "special"])
            Directory.CreateDirectory(Path.Combine(root, directory));
        Link("indexed/index.html", _outside["secret"]);
        Link("climbing/index.html", "../../stray");
        Link("invalid/index.html", $"../../{_invalid.BaseName}/file");

        Link("absolute", _outside["secret"]);
        Link("relative", Path.GetRelativePath(root, _outside["secret"]));
        Link("directory", _outside.Path);
        Link("store", "..");
        Link("store-by-name", "/nix/store");
        Link("store-with-slash", "/nix/store/");
        Link("root", "/");
        Link("real-store", _cache.RealStore);
        Link("to-invalid", $"../{_invalid.BaseName}/file");
        Link("to-invalid-by-name", $"/nix/store/{_invalid.BaseName}/file");
        Link("to-stray", "../stray");
        Link("out-and-in", $"../../{Path.GetFileName(_cache.RealStore)}/{_other.Path.BaseName}/dir/file");
        Link("by-detour", $"../{_other.Path.BaseName}/out");
        Link("dotted", $"/nix/store/../../{_outside["secret"]}");
        Link("proc", "/proc/self/root");
        Link("loop", "loop");
        Link("loop-1", "loop-2");
        Link("loop-2", "dir/../loop-1");
        Link("wrong-name", $"../{_other.Path.Hash}-another/dir/file");

        Link("inside", "dir/../file");
        Link("inside-absolute", "/nix/store/11111111111111111111111111111111-other/dir/file");
        Link("to-other", $"../{_other.Path.BaseName}/dir");
        Link("dir/deep/up", "../../file");
        Link("through-other", $"to-other/../../{_other.Path.BaseName}/./dir//file");
    }

    [TestCase("absolute")]
    [TestCase("relative")]
    [TestCase("directory")]
    [TestCase("directory/secret")]
    [TestCase("store")]
    [TestCase("store/")]
    [TestCase("store/stray")]
    [TestCase("store-by-name/")]
    [TestCase("store-with-slash/")]
    [TestCase("root/etc/passwd")]
    [TestCase("real-store/")]
    [TestCase("real-store/stray")]
    [TestCase("to-invalid")]
    [TestCase("to-invalid-by-name")]
    [TestCase("to-stray")]
    [TestCase("out-and-in")]
    [TestCase("by-detour")]
    [TestCase("dotted")]
    [TestCase("proc/etc/passwd")]
    [TestCase("loop")]
    [TestCase("loop-1")]
    [TestCase("wrong-name")]
    [TestCase("special/index.html")]
    [TestCase("indexed/index.html")]
    public async Task A_symbolic_link_leads_nowhere_but_into_valid_paths(string name) => await AssertMissedAsync($"/{name}");

    [TestCase("indexed")]
    [TestCase("climbing")]
    [TestCase("invalid")]
    [TestCase("special")]
    public async Task An_index_that_leads_elsewhere_is_not_served(string directory)
    {
        string response = await SendAsync($"/{directory}/");

        Assert.That(response, Does.StartWith("HTTP/1.1 200 ").And.Contain("Index of "));
        Assert.That(response, Does.Not.Contain(Secret));
    }

    [TestCase("/..")]
    [TestCase("/../")]
    [TestCase("/%2e%2e/")]
    [TestCase("/%2E./")]
    [TestCase("/.%2e/stray")]
    [TestCase("/dir/../file")]
    [TestCase("/./file")]
    [TestCase("/%2e/file")]
    [TestCase("/../zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz-invalid/file")]
    [TestCase("/..%2fstray")]
    [TestCase("/dir%2f..%2f..%2fstray")]
    [TestCase("/%2e%2e%2f")]
    [TestCase("/dir%2fdeep")]
    [TestCase("//etc/passwd")]
    [TestCase("/%2fetc%2fpasswd")]
    [TestCase("/%252e%252e/stray")]
    [TestCase("/%c0%ae%c0%ae/stray")]
    [TestCase("/..%5cstray")]
    [TestCase("/..;/stray")]
    [TestCase("/file/")]
    [TestCase("/file/x")]
    [TestCase("/file%")]
    [TestCase("/file%zz")]
    [TestCase("/missing")]
    public async Task No_spelling_of_a_URL_climbs_or_names_what_is_not_there(string inner) => await AssertMissedAsync(inner);

    [Test]
    public async Task A_name_with_a_NUL_is_none()
    {
        string response = await SendAsync("/file%00");

        Assert.That(response, Does.StartWith("HTTP/1.1 40"));
        Assert.That(response, Does.Not.Contain("of the path"));
    }

    [TestCase("inside", "of the path")]
    [TestCase("dir/deep/up", "of the path")]
    [TestCase("inside-absolute", "of the other path")]
    [TestCase("to-other/file", "of the other path")]
    [TestCase("through-other", "of the other path")]
    public async Task A_symbolic_link_into_a_valid_path_is_followed(string name, string contents)
    {
        string response = await SendAsync($"/{name}");

        Assert.That(response, Does.StartWith("HTTP/1.1 200 ").And.EndsWith($"\r\n\r\n{contents}"));
    }

    [Test]
    public async Task A_path_on_disk_that_is_not_valid_is_not_served()
    {
        string response = await _cache.SendRawAsync(Get($"/serve/{_invalid.Hash}/file"));

        Assert.That(response, Does.StartWith("HTTP/1.1 404 ").And.EndsWith("\r\n\r\nmissed hash"));
    }

    [Test]
    public async Task QueryMissing_reveals_nothing_about_this_machine()
    {
        string response = await SendAsync("/missing");

        Assert.That(response, Does.Not.Contain(_cache.RealStore).And.Not.Contain("/nix/store").And.Not.Contain("No such file"));
    }

    [Test]
    public async Task A_file_has_headers_that_keep_a_browser_from_running_it()
    {
        string response = await SendAsync("/file");

        Assert.That(response, Does.Contain("\r\nX-Content-Type-Options: nosniff\r\n"));
        Assert.That(response, Does.Contain("\r\nContent-Security-Policy: sandbox; "));
        Assert.That(response, Does.Not.Contain("allow-scripts"));
    }

    private static string Get(string target) => $"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

    private Task<string> SendAsync(string inner) => _cache.SendRawAsync(Get($"/serve/{_path.Path.Hash}{inner}"));

    private async Task AssertMissedAsync(string inner)
    {
        string response = await SendAsync(inner);

        Assert.That(response, Does.StartWith("HTTP/1.1 404 ").And.EndsWith("\r\n\r\nmissed hash"));
        Assert.That(response, Does.Contain("\r\nCache-Control: no-store\r\n"));
    }
}
