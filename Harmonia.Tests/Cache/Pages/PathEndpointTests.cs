using System.Net;
using System.Net.Sockets;
using System.Text;
using Harmonia.Cache.Configuration;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Cache.NarInfo;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Pages;

/// <summary>The page about a path, and the way to it.</summary>
public sealed class PathEndpointTests
{
    private const string Browser = "text/html,*/*;q=0.8";

    private CacheInMemory _cache = null!;
    private SecretKey _key = null!;
    private ValidPathInfo _path = null!;
    private ValidPathInfo _library = null!;
    private ValidPathInfo _user = null!;
    private ValidPathInfo _deriver = null!;
    private TemporaryDirectory _logs = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _key = SecretKey.Generate("cache.example.com-1");
        _logs = new TemporaryDirectory();
        _cache = await CacheInMemory.StartAsync(new CacheOptions { LogDirectory = _logs.Path }, _key);
        _library = _cache.AddFile("library", new byte[2000]);
        _path = _cache.AddFile("program?", new byte[1000]);
        _user = _cache.AddFile("user", new byte[10]);
        _deriver = _cache.AddFile("program.drv", new byte[10]);
        _path = Change(_path, info => info with
        {
            References = [_path.Path, _library.Path],
            Deriver = _deriver.Path,
            RegistrationTime = 1_700_000_000,
            Signatures = [SamplePaths.OtherSignature, "junk"],
            ContentAddress = SamplePaths.Full.Info.ContentAddress,
        });
        _user = Change(_user, info => info with { References = [_path.Path], Deriver = StorePath.Parse($"{new string('z', 32)}-user.drv") });
        string drv = _deriver.Path.BaseName;
        Directory.CreateDirectory(_logs[$"drvs/{drv[..2]}"]);
        await File.WriteAllTextAsync(_logs[$"drvs/{drv[..2]}/{drv[2..]}"], "built");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _cache.DisposeAsync();
        _key.Dispose();
        _logs.Dispose();
    }

    [TearDown]
    public void MendCatalog() => _cache.Catalog.Failure = null;

    [Test]
    public async Task The_page_says_all_about_a_path()
    {
        string html = await PageAsync($"/path/{_path.Path.Hash}");
        string page = PageText.Of(html);
        string name = _path.Path.BaseName;

        Assert.That(html, Does.Contain("<title>program?</title>"));
        Assert.That(html, Does.Contain("<dt>Size</dt><dd>1.09 KiB</dd>").And.Contain("<dt>Size with all it needs</dt><dd>3.15 KiB</dd>"));
        Assert.That(html, Does.Contain("<dt>Paths with all it needs</dt><dd>2</dd>").And.Contain("<dt>Signatures</dt><dd>2</dd>"));
        Assert.That(page, Does.Contain($"\n/nix/store/{name}\n"));
        Assert.That(page, Does.Contain($"\nnix copy --from http://{_cache.EndPoint} --extra-trusted-public-keys '{_key.PublicKey}' /nix/store/{name}\n"));
        Assert.That(page, Does.Contain(SamplePaths.OtherSignature).And.Contain("\ncache.example.com-1:").And.Not.Contain("junk"));
        Assert.That(page, Does.Contain(_path.Info.NarHash.ToString()).And.Contain("fixed:r:sha256:").And.Contain("2023-11-14"));
    }

    [Test]
    public async Task The_page_leads_on_and_its_links_work()
    {
        string page = await PageAsync($"/path/{_path.Path.Hash}");
        string[] links = [.. page.Split(" href=\"").Skip(1).Select(rest => rest.Split('"')[0])];

        Assert.That(links, Is.EqualTo(new[]
        {
            "../favicon.svg", "../", $"../serve/{_path.Path.Hash}-program%3F/", $"../log/{_deriver.Path.BaseName}",
            $"../{_path.Path.Hash}.narinfo", $"../{_path.Path.Hash}.ls", _library.Path.BaseName, _user.Path.BaseName, _deriver.Path.BaseName,
        }));
        foreach (string link in links)
        {
            using HttpResponseMessage response = await _cache.GetAsync(new Uri(new Uri("http://x/path/"), link).PathAndQuery);
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), link);
        }
    }

    [Test]
    public async Task A_plain_path_says_what_there_is_not()
    {
        await using CacheInMemory cache = await CacheInMemory.StartAsync(new CacheOptions { Serve = false, Log = false });
        ValidPathInfo path = cache.AddFile("plain", [1]);

        string html = await cache.Client.GetStringAsync(new Uri($"/path/{path.Path.BaseName}", UriKind.Relative));
        string page = PageText.Of(html);

        Assert.That(page, Does.Contain("It refers to no other path.").And.Contain("No other path here refers to it.").And.Contain("Nobody has signed it."));
        Assert.That(page, Does.Contain($"\nnix copy --from http://{cache.EndPoint} /nix/store/{path.Path.BaseName}\n").And.Contain("not known"));
        Assert.That(html, Does.Not.Contain("/serve/").And.Not.Contain("/log/").And.Not.Contain("Content address").And.Not.Contain("In this store since"));
    }

    [Test]
    public async Task A_deriver_that_is_not_here_is_no_link()
    {
        string page = await PageAsync($"/path/{_user.Path.Hash}");

        Assert.That(page, Does.Contain($"<td class=\"name\">{new string('z', 32)}-user.drv</td>"));
    }

    [Test]
    public async Task Long_lists_are_cut_and_counted()
    {
        await using CacheInMemory cache = await CacheInMemory.StartAsync();
        ValidPathInfo first = cache.AddFile("first", [1]);
        StorePath[] others = [.. Enumerable.Range(0, 1234).Select(number => FakeStore.PathOf(FakeStore.Hash(number)))];
        foreach (StorePath other in others)
            cache.Catalog.Add(new ValidPathInfo { Path = other, Info = FakeStore.InfoOf(other) with { References = [first.Path] } });
        cache.Catalog.Add(first with { Info = first.Info with { References = [.. others, first.Path] } });

        string html = await cache.Client.GetStringAsync(new Uri($"/path/{first.Path.Hash}", UriKind.Relative));

        Assert.That(html.Split("<li>"), Has.Length.EqualTo(401));
        Assert.That(html.Split("These are the first 200 of 1,234."), Has.Length.EqualTo(3));
    }

    [Test]
    public async Task Clients_that_read_nothing_keep_nobody_from_the_pages()
    {
        StorePath[] others = [.. Enumerable.Range(0, 200).Select(number => FakeStore.PathOf(FakeStore.Hash(number)))];
        ValidPathInfo many = _cache.AddFile("many", [1]);
        _cache.Catalog.Add(many with { Info = many.Info with { References = others } });
        string requests = string.Concat(Enumerable.Repeat($"GET /path/{many.Path.Hash} HTTP/1.1\r\nHost: x\r\n\r\n", 200));
        List<Socket> idle = [];
        try
        {
            for (int i = 0; i < 4; i++)
            {
                Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
                idle.Add(socket);
                await socket.ConnectAsync(_cache.EndPoint);
                await socket.SendAsync(Encoding.ASCII.GetBytes(requests));
            }

            // Megabytes are sent to each until its buffers are full.
            await Task.Delay(TimeSpan.FromSeconds(2));
            using HttpResponseMessage response = await _cache.GetAsync($"/path/{_path.Path.Hash}");

            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        }
        finally
        {
            idle.ForEach(socket => socket.Dispose());
        }
    }

    [Test]
    public async Task A_path_that_is_not_here_is_404()
    {
        string missing = new('z', StorePathHash.Length);
        foreach (string target in (string[])[$"/path/{missing}", $"/path/{_path.Path.Hash}-other"])
        {
            using HttpResponseMessage words = await _cache.GetAsync(target);
            using HttpResponseMessage page = await _cache.GetAsync(target, ("Accept", Browser));

            Assert.That(words.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
            Assert.That(await words.Content.ReadAsStringAsync(), Is.EqualTo("missed hash"));
            Assert.That(await page.Content.ReadAsStringAsync(), Does.Contain("This cache does not have that path").And.Contain("<form class=\"lookup\" action=\"../path\">"));
        }
    }

    [Test]
    public async Task Without_the_daemon_it_is_503()
    {
        _cache.Catalog.Failure = new TimeoutException();
        using HttpResponseMessage response = await _cache.GetAsync($"/path/{_path.Path.Hash}", ("Accept", Browser));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("Reload this page"));
    }

    [TestCase("{0}")]
    [TestCase("  {0} ")]
    [TestCase("{0}-hello-2.12")]
    [TestCase("/nix/store/{0}-hello-2.12")]
    [TestCase("/nix/store/{0}-hello-2.12/bin/hello")]
    [TestCase("https://cache.example.com/{0}.narinfo")]
    [TestCase("https://cache.example.com/serve/{0}/")]
    public async Task What_has_the_hash_in_it_leads_to_the_page(string typed)
    {
        string text = Uri.EscapeDataString(string.Format(System.Globalization.CultureInfo.InvariantCulture, typed, _path.Path.Hash));
        string response = await _cache.SendRawAsync($"GET /path?q={text.Replace("%20", "+", StringComparison.Ordinal)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        Assert.That(response, Does.StartWith("HTTP/1.1 302 ").And.Contain($"\r\nLocation: ./path/{_path.Path.Hash}\r\n"));
    }

    [TestCase("")]
    [TestCase("?q")]
    [TestCase("?q=hello")]
    [TestCase("?q=%zz")]
    [TestCase("?q=eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee")]
    [TestCase("?q=11111111111111111111111111111111x")]
    [TestCase("?q=11111111111111111111111111111111&q=2")]
    public async Task Anything_else_is_400(string query)
    {
        using HttpResponseMessage words = await _cache.GetAsync($"/path{query}");
        using HttpResponseMessage page = await _cache.GetAsync($"/path{query}", ("Accept", Browser));

        Assert.That(words.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await words.Content.ReadAsStringAsync(), Is.EqualTo("Not a hash or a store path"));
        Assert.That(await page.Content.ReadAsStringAsync(), Does.Contain("<h1>That is no store path</h1>").And.Contain("action=\"./path\""));
    }

    private ValidPathInfo Change(ValidPathInfo path, Func<UnkeyedValidPathInfo, UnkeyedValidPathInfo> change) =>
        _cache.Catalog.Add(path with { Info = change(path.Info) });

    private Task<string> PageAsync(string url) => _cache.Client.GetStringAsync(new Uri(url, UriKind.Relative));
}
