using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Pages;

/// <summary>The pages as Chromium sees them. The pictures are kept beside the test results for people to look at.</summary>
[Category("Browser")]
public sealed class BrowserTests
{
    private CacheInMemory _cache = null!;
    private SecretKey _key = null!;
    private ValidPathInfo _path = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _key = SecretKey.Generate("cache.example.com-1");
        _cache = await CacheInMemory.StartAsync(_key);
        _path = _cache.Add("hello-2.12.1", root =>
        {
            Directory.CreateDirectory(Path.Combine(root, "bin"));
            Directory.CreateDirectory(Path.Combine(root, "share"));
            File.WriteAllText(Path.Combine(root, "README"), "hello\n");
            File.WriteAllBytes(Path.Combine(root, "libhello.so.1.2"), new byte[300_000]);
            File.CreateSymbolicLink(Path.Combine(root, "libhello.so"), "libhello.so.1.2");
            File.WriteAllText(Path.Combine(root, "50% \"off\" <b>&amp; ü"), "");
        });
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _cache.DisposeAsync();
        _key.Dispose();
    }

    private string Listing => $"/serve/{_path.Path.Hash}/";

    [TestCase("landing", false)]
    [TestCase("landing", true)]
    [TestCase("listing", false)]
    [TestCase("listing", true)]
    public async Task A_page_has_the_colours_that_the_reader_prefers(string page, bool dark)
    {
        byte[] picture = await Chromium.PictureAsync($"http://{_cache.EndPoint}{(page == "landing" ? "/" : Listing)}", dark);
        string file = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"page-{page}-{(dark ? "dark" : "light")}.png");
        await File.WriteAllBytesAsync(file, picture);
        TestContext.AddTestAttachment(file);

        // The background colours of the style sheet; the browser's own would be pure white or another grey.
        Assert.That(Chromium.FirstPixel(picture), Is.EqualTo(dark ? ((byte)0x16, (byte)0x19, (byte)0x1c) : ((byte)0xfa, (byte)0xfa, (byte)0xf8)));
    }

    [Test]
    public async Task Names_in_a_listing_stay_text()
    {
        string elements = await Chromium.ElementsAsync($"http://{_cache.EndPoint}{Listing}");

        Assert.That(elements, Does.Contain("<a href=\"50%25%20%22off%22%20%3Cb%3E%26amp%3B%20%C3%BC\"><bdi>50% \"off\" &lt;b&gt;&amp;amp; ü</bdi></a>"));
    }
}
