using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Pages;

/// <summary>Every page in a real browser, as wide as a screen, a phone and the smallest phone. The pictures are kept beside the test results.</summary>
[Category("Browser")]
public sealed class LayoutTests
{
    private CacheInMemory _cache = null!;
    private BrowserPage _browser = null!;
    private SecretKey[] _keys = [];
    private ValidPathInfo _path = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _keys = [SecretKey.Generate("cache.example.com-1"), SecretKey.Generate("a-long-name.of-a-cache.in-a-company.example.com-2")];
        _cache = await CacheInMemory.StartAsync(_keys);
        _path = _cache.Add("python3.13-a-rather-long-name-2.12.1", root =>
        {
            Directory.CreateDirectory(Path.Combine(root, "bin"));
            Directory.CreateDirectory(Path.Combine(root, "share", "a-directory-with-a-long-name-and-no-blank-in-it", "deep"));
            File.WriteAllText(Path.Combine(root, "run"), "#!/bin/sh\n");
            File.SetUnixFileMode(Path.Combine(root, "run"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
            File.WriteAllBytes(Path.Combine(root, "libhello.so.1.2"), new byte[300_000]);
            File.CreateSymbolicLink(Path.Combine(root, "libhello.so"), "libhello.so.1.2");
            File.CreateSymbolicLink(Path.Combine(root, "dead"), "/nix/store/zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz-not-there/lib/libhello.so.1");
        });
        _browser = await BrowserPage.StartAsync();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _browser.DisposeAsync();
        await _cache.DisposeAsync();
        foreach (SecretKey key in _keys)
            key.Dispose();
    }

    [Test]
    public async Task No_page_is_wider_than_its_window(
        [Values("landing", "listing", "deep", "error")] string page, [Values(1280, 400, 320)] int width, [Values] bool dark)
    {
        await _browser.OpenAsync($"http://{_cache.EndPoint}{TargetOf(page)}", width, dark);
        string file = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"page-{page}-{width}-{(dark ? "dark" : "light")}.png");
        await File.WriteAllBytesAsync(file, await _browser.PictureAsync());
        TestContext.AddTestAttachment(file);

        Assert.That((await _browser.EvaluateAsync("document.documentElement.scrollWidth")).GetValue<int>(), Is.EqualTo(width));
        Assert.That(
            (await _browser.EvaluateAsync("getComputedStyle(document.body).backgroundColor")).GetValue<string>(),
            Is.EqualTo(dark ? "rgb(22, 25, 28)" : "rgb(250, 250, 248)"));
        // Nothing reaches into the margin of the page.
        Assert.That(
            (await _browser.EvaluateAsync("""
                (() => {
                  const page = document.querySelector('.page'), edge = page.getBoundingClientRect().right - parseFloat(getComputedStyle(page).paddingRight);
                  return [...page.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > edge + 0.5).map(e => e.outerHTML);
                })()
                """)).AsArray(),
            Is.Empty);
        // Wider contents would be cut, or scroll inside the page.
        Assert.That(
            (await _browser.EvaluateAsync("[...document.querySelectorAll('body *')].filter(e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0).map(e => e.outerHTML)")).AsArray(),
            Is.Empty);
    }

    private string TargetOf(string page) => page switch
    {
        "landing" => "/",
        "listing" => $"/serve/{_path.Path.BaseName}/",
        "deep" => $"/serve/{_path.Path.Hash}/share/a-directory-with-a-long-name-and-no-blank-in-it/deep/",
        _ => "/no/such/page",
    };
}
