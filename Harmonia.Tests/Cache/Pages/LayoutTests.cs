using Harmonia.Cache.Catalog;
using Harmonia.Cache.Configuration;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Pages;

/// <summary>Every page in a real browser, as wide as a screen, a phone and the smallest phone. The pictures are kept beside the test results.</summary>
[Category("Browser")]
public sealed class LayoutTests
{
    private CacheInMemory _cache = null!;
    private CacheInMemory _problem = null!;
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
        ValidPathInfo other = _cache.AddFile("glibc-with-a-long-name-2.40-66", new byte[1_000_000]);
        _cache.Catalog.Add(_path with
        {
            Info = _path.Info with { References = [other.Path], Deriver = StorePath.Parse("zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz-python3.13.drv") },
        });
        _problem = await CacheInMemory.StartAsync(new CacheOptions { Operator = "The people of a very long example, in a very small town" });
        _problem.Catalog.State = CatalogState.Unreachable;
        _browser = await BrowserPage.StartAsync();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _browser.DisposeAsync();
        await _cache.DisposeAsync();
        await _problem.DisposeAsync();
        foreach (SecretKey key in _keys)
            key.Dispose();
    }

    [Test]
    public async Task No_page_is_wider_than_its_window(
        [Values("landing", "problem", "path", "listing", "deep", "error", "search")] string page, [Values(1280, 400, 320)] int width, [Values] bool dark)
    {
        await _browser.OpenAsync($"http://{(page == "problem" ? _problem : _cache).EndPoint}{TargetOf(page)}", width, dark);
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

    [Test]
    public async Task The_figures_are_two_by_two_on_a_phone()
    {
        await _browser.OpenAsync($"http://{_cache.EndPoint}/", 320);

        string[] columns = (await _browser.EvaluateAsync("getComputedStyle(document.querySelector('.figures')).gridTemplateColumns")).GetValue<string>().Split(' ');

        Assert.That(columns, Has.Length.EqualTo(2));
    }

    [Test]
    public async Task A_box_is_selected_whole_and_copies_as_it_reads([Values(1280, 320)] int width)
    {
        await _browser.OpenAsync($"http://{_cache.EndPoint}/", width);
        string[] texts = [.. (await _browser.EvaluateAsync("""
            [...document.querySelectorAll('pre')].map(box => {
              if (getComputedStyle(box).userSelect != 'all') return 'not selected as a whole';
              getSelection().selectAllChildren(box);
              return getSelection().toString();
            })
            """)).AsArray().Select(text => text!.GetValue<string>())];

        string keys = $"{_keys[0].PublicKey} {_keys[1].PublicKey}";
        Assert.That(texts[0], Is.EqualTo($"{_keys[0].PublicKey}\n{_keys[1].PublicKey}"));
        Assert.That(texts[1], Is.EqualTo($"extra-substituters = http://{_cache.EndPoint}\nextra-trusted-public-keys = {keys}"));
        Assert.That(texts[^1], Is.EqualTo($"nix build --extra-substituters http://{_cache.EndPoint} --extra-trusted-public-keys '{keys}' INSTALLABLE"));
    }

    [Test]
    public async Task A_name_of_a_key_that_fits_into_a_line_is_in_one_line([Values(1280, 400, 320)] int width)
    {
        await _browser.OpenAsync($"http://{_cache.EndPoint}/", width);

        // The first key's name is short enough for every width.
        int lines = (await _browser.EvaluateAsync("""
            (() => {
              const box = document.querySelector('pre.keys').firstChild, range = document.createRange();
              range.setStart(box, 0);
              range.setEnd(box, 'cache.example.com-1:'.length);
              const spans = [...document.querySelectorAll('.key')].filter(key => /^['"]?cache.example.com-1:$/.test(key.textContent));
              return Math.max(range.getClientRects().length, ...spans.map(key => Math.round(key.getBoundingClientRect().height / 22)));
            })()
            """)).GetValue<int>();

        Assert.That(lines, Is.EqualTo(1));
    }

    [Test]
    public async Task The_field_leads_to_the_page_of_the_path()
    {
        await _browser.OpenAsync($"http://{_cache.EndPoint}/", 1280);
        await _browser.ActAsync($"document.querySelector('#q').value = ' /nix/store/{_path.Path.BaseName}/bin ', document.querySelector('button').click()");

        Assert.That(
            (await _browser.EvaluateAsync("location.pathname + ' ' + document.title")).GetValue<string>(),
            Is.EqualTo($"/path/{_path.Path.Hash} {_path.Path.Name}"));
    }

    private string TargetOf(string page) => page switch
    {
        "landing" or "problem" => "/",
        "path" => $"/path/{_path.Path.Hash}",
        "search" => "/path?q=hello",
        "listing" => $"/serve/{_path.Path.BaseName}/",
        "deep" => $"/serve/{_path.Path.Hash}/share/a-directory-with-a-long-name-and-no-blank-in-it/deep/",
        _ => "/no/such/page",
    };
}
