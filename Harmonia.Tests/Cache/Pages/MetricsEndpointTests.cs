using System.Net;
using Harmonia.Cache.Configuration;
using Harmonia.Cache.Http;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Cache.Metrics;
using Harmonia.Tests.Cache.NarInfo;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Pages;

public sealed class MetricsEndpointTests
{
    private const string Requests = "harmonia_http_requests_total";

    private CacheInMemory _cache = null!;

    [SetUp]
    public async Task StartAsync() => _cache = await CacheInMemory.StartAsync();

    [TearDown]
    public async Task StopAsync() => await _cache.DisposeAsync();

    [Test]
    public async Task The_text_has_its_content_type_and_must_not_be_stored()
    {
        foreach (HttpMethod method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Head])
        {
            using HttpResponseMessage response = await _cache.SendAsync(method, "/metrics");

            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(response.Content.Headers.ContentType?.ToString(), Is.EqualTo("text/plain; version=0.0.4"));
            Assert.That(response.Headers.CacheControl?.ToString(), Is.EqualTo("no-store"));
            Assert.That(response.Content.Headers.ContentLength, Is.GreaterThan(1000));
        }
    }

    [Test]
    public async Task Prometheus_accepts_the_text_of_a_cache_that_has_served()
    {
        ValidPathInfo path = _cache.AddFile("file", new byte[100_000]);
        foreach (string url in (string[])["/nix-cache-info", $"/{path.Path.Hash}.narinfo", CacheInMemory.NarUrl(path), "/nothing\"there"])
            (await _cache.GetAsync(url)).Dispose();
        byte[] text = await _cache.Client.GetByteArrayAsync(new Uri("/metrics", UriKind.Relative));

        CommandResult result = await Command.TryRunAsync("promtool", ["check", "metrics"], input: text);

        Assert.That(result.ExitCode, Is.Zero, result.Errors + result.Text);
        Assert.That(result.Errors + result.Text, Is.Empty);
    }

    [Test]
    public async Task A_scraper_that_asks_for_OpenMetrics_gets_the_same_series_in_it()
    {
        ValidPathInfo path = _cache.AddFile("file", new byte[100_000]);
        foreach (string url in (string[])["/nix-cache-info", $"/{path.Path.Hash}.narinfo", CacheInMemory.NarUrl(path), "/nothing\"there"])
            (await _cache.GetAsync(url)).Dispose();
        using HttpResponseMessage response = await _cache.GetAsync("/metrics", ("Accept", "application/openmetrics-text"));
        string openMetrics = await response.Content.ReadAsStringAsync();

        Assert.That(response.Content.Headers.ContentType?.ToString(), Is.EqualTo("application/openmetrics-text; version=1.0.0; charset=utf-8"));
        Assert.That(openMetrics, Does.EndWith("\n# EOF\n"));
        Assert.That(openMetrics, Does.Contain("# TYPE harmonia_http_requests counter\nharmonia_http_requests_total{"));
        Assert.That(await PromtoolErrorsAsync(openMetrics), Is.Empty);
        Assert.That(
            MetricSample.Parse(openMetrics).Select(SeriesOf), Is.EquivalentTo(MetricSample.Parse(await ScrapeAsync()).Select(SeriesOf)));
    }

    [Test]
    public async Task A_scrape_that_fails_is_an_error_and_not_half_a_text()
    {
        _cache.Host.Metrics.Registry.AtScrape(() => throw new IOException("no such file"));

        using HttpResponseMessage response = await _cache.GetAsync("/metrics");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Not.Contain("harmonia_"));
    }

    [TestCase(Requests, """method="GET",path="/{hash}.narinfo",status="404" """)]
    [TestCase(Requests, """method="HEAD",path="/nix-cache-info",status="200" """)]
    [TestCase(Requests, """method="GET",path="/nar/{narhash:[0123456789abcdfghijklmnpqrsvwxyz]{52}}.nar",status="206" """)]
    [TestCase(Requests, """method="GET",path="other",status="404" """)]
    [TestCase("harmonia_http_requests_in_flight", null)]
    [TestCase("harmonia_http_response_bytes_total", """path="/{hash}.narinfo" """)]
    [TestCase("harmonia_narinfo_lookups_total", """result="hit" """)]
    [TestCase("harmonia_daemon_active_connections", null)]
    [TestCase("harmonia_daemon_idle_connections", null)]
    [TestCase("harmonia_daemon_connections_created_total", """status="error" """)]
    [TestCase("harmonia_daemon_connection_acquire_duration_seconds_count", """outcome="reused" """)]
    [TestCase("harmonia_daemon_connection_errors_total", """error_type="interrupted" """)]
    [TestCase("harmonia_daemon_operations_total", """operation="QueryPathInfo",status="success" """)]
    [TestCase("harmonia_daemon_operation_duration_seconds_count", """operation="QueryPathFromHashPart" """)]
    [TestCase("harmonia_signatures_total", """source="made" """)]
    [TestCase("harmonia_signatures_total", """source="kept" """)]
    [TestCase("harmonia_compression_input_bytes_total", """coding="zstd" """)]
    public async Task A_series_is_there_before_anything_happened(string name, string? labels)
    {
        IReadOnlyList<MetricSample> samples = MetricSample.Parse(await ScrapeAsync());

        Assert.That(
            samples.Count(sample => sample.Name == name && sample.Labels == (labels?.TrimEnd() ?? "")), Is.EqualTo(1), $"{name} {labels}");
    }

    [Test]
    public async Task The_buckets_are_those_that_dashboards_know()
    {
        string text = await ScrapeAsync();

        Assert.That(
            MetricSample.Parse(text)
                .Where(sample => sample.Name == "harmonia_http_request_duration_seconds_bucket"
                    && sample.Labels.StartsWith("""method="GET",path="/health",status="200",le=""", StringComparison.Ordinal))
                .Select(sample => sample.Labels.Split("le=")[1].Trim('"')),
            Is.EqualTo((string[])["0.0001", "0.0005", "0.001", "0.005", "0.01", "0.05", "0.1", "0.5", "1", "+Inf"]));
        Assert.That(text, Does.Contain("# HELP harmonia_http_requests_total Total number of HTTP requests\n"));
    }

    [Test]
    public async Task Requests_are_counted_by_method_path_and_status()
    {
        _cache.Catalog.Add(SamplePaths.WithReference);
        string narInfo = $"/{SamplePaths.WithReference.Path.Hash}.narinfo";
        int length = (await _cache.Client.GetByteArrayAsync(new Uri(narInfo, UriKind.Relative))).Length;
        (await _cache.SendAsync(HttpMethod.Head, narInfo)).Dispose();
        (await _cache.GetAsync($"/{new string('1', 32)}.narinfo")).Dispose();
        (await _cache.SendAsync(new HttpMethod("BREW"), narInfo)).Dispose();
        (await _cache.SendAsync(new HttpMethod("WHEN"), narInfo)).Dispose();
        (await _cache.GetAsync("/un/known")).Dispose();

        string text = await ScrapeAsync();
        foreach ((string method, int status, int count) in ((string, int, int)[])[("GET", 200, 1), ("HEAD", 200, 1), ("GET", 404, 1), ("other", 405, 2)])
        {
            string labels = $$"""method="{{method}}",path="/{hash}.narinfo",status="{{status}}" """.TrimEnd();
            Assert.That(MetricSample.ValueOf(text, Requests, labels), Is.EqualTo(count), labels);
            Assert.That(
                MetricSample.ValueOf(text, "harmonia_http_request_duration_seconds_bucket", $"{labels},le=\"+Inf\""), Is.EqualTo(count), labels);
        }

        Assert.That(MetricSample.ValueOf(text, Requests, """method="GET",path="other",status="404" """.TrimEnd()), Is.EqualTo(1));
        Assert.That(
            MetricSample.ValueOf(text, "harmonia_http_response_bytes_total", "path=\"/{hash}.narinfo\""),
            Is.EqualTo(length + "missed hash".Length + (2 * "Method Not Allowed".Length)));
        Assert.That(MetricSample.ValueOf(text, "harmonia_narinfo_lookups_total", "result=\"hit\""), Is.EqualTo(2));
        Assert.That(MetricSample.ValueOf(text, "harmonia_narinfo_lookups_total", "result=\"miss\""), Is.EqualTo(1));
        Assert.That(text, Does.Not.Contain("BREW"));
    }

    [Test]
    public async Task The_bytes_of_a_NAR_are_counted_whole()
    {
        ValidPathInfo path = _cache.AddFile("file", new byte[1_000_000]);
        await _cache.Client.GetByteArrayAsync(new Uri(CacheInMemory.NarUrl(path), UriKind.Relative));

        string text = await ScrapeAsync();

        string label = $"path=\"{RoutePaths.All[(int)RouteKind.Nar].Label}\"";
        Assert.That(MetricSample.ValueOf(text, "harmonia_http_response_bytes_total", label), Is.EqualTo(path.Info.NarSize));
        Assert.That(MetricSample.ValueOf(text, "harmonia_http_transfer_duration_seconds_count", label), Is.EqualTo(1));
    }

    [Test]
    public async Task Scrapes_at_once_and_under_load_are_each_whole()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (int round = 0; round < 10; round++)
            {
                (await _cache.GetAsync("/health")).Dispose();
                foreach (IGrouping<string, MetricSample> histogram in MetricSample.Parse(await ScrapeAsync())
                    .Where(sample => sample.Name.EndsWith("_bucket", StringComparison.Ordinal))
                    .GroupBy(sample => sample.Name + sample.Labels.Split("le=")[0]))
                {
                    Assert.That(histogram.Select(sample => sample.Value), Is.Ordered, histogram.Key);
                }
            }
        })));

        string text = "";
        // The others' answers may arrive before their requests are counted: until the scrape itself is the only one.
        await Patience.UntilAsync(async () =>
        {
            text = await ScrapeAsync();
            return MetricSample.ValueOf(text, "harmonia_http_requests_in_flight", "") == 1;
        });
        Assert.That(
            MetricSample.ValueOf(text, Requests, """method="GET",path="/health",status="200" """.TrimEnd()), Is.EqualTo(80));
    }

    [Test]
    public async Task Switched_off_it_is_not_there()
    {
        await using CacheInMemory cache = await CacheInMemory.StartAsync(new CacheOptions { Metrics = false });

        using HttpResponseMessage response = await cache.GetAsync("/metrics");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Bound_to_an_address_of_its_own_it_is_there_alone_and_needs_neither_room_nor_credentials()
    {
        await using CacheInMemory cache = await CacheInMemory.StartAsync(new CacheOptions
        {
            MetricsBind = new ListenAddress.Tcp("127.0.0.1", 0),
            Workers = 1,
            MaxConnections = 1,
        });
        using HttpClient client = new() { BaseAddress = new Uri($"http://{cache.MetricsEndPoint}") };

        Assert.That((await cache.GetAsync("/metrics")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await cache.GetAsync("/health")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        foreach (string url in (string[])["/health", "/nix-cache-info", "/metrics/", "/"])
            Assert.That((await client.GetAsync(new Uri(url, UriKind.Relative))).StatusCode, Is.EqualTo(HttpStatusCode.NotFound), url);
        using HttpResponseMessage post = await client.PostAsync(new Uri("/metrics", UriKind.Relative), content: null);
        Assert.That(post.StatusCode, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
        Assert.That(
            await client.GetStringAsync(new Uri("/metrics", UriKind.Relative)), Does.Contain("harmonia_http_requests_in_flight 1\n"));
    }

    [Test]
    public async Task Requests_that_limits_refuse_are_counted_and_have_ids_too()
    {
        await using CacheInMemory cache = await CacheInMemory.StartAsync(new CacheOptions
        {
            MetricsBind = new ListenAddress.Tcp("127.0.0.1", 0),
            Workers = 1,
            MaxConnections = 1,
        });
        (await cache.GetAsync("/health")).Dispose();

        string refused = await cache.SendRawAsync("GET /nix-cache-info HTTP/1.1\r\nHost: x\r\nX-Request-Id: second\r\n\r\n");

        Assert.That(refused, Does.StartWith("HTTP/1.1 503 ").And.Contain("\r\nX-Request-Id: second\r\n"));
        using HttpClient client = new() { BaseAddress = new Uri($"http://{cache.MetricsEndPoint}") };
        string text = await client.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        Assert.That(
            MetricSample.ValueOf(text, Requests, """method="GET",path="/nix-cache-info",status="503" """.TrimEnd()), Is.EqualTo(1));
    }

    [Test]
    public void Each_kind_of_URL_has_a_label_of_its_own()
    {
        IEnumerable<string> labels = RoutePaths.All.Select(path => path.Label);

        Assert.That(labels, Is.Unique);
        Assert.That(labels.Count(), Is.EqualTo(Enum.GetValues<RouteKind>().Length));
    }

    // Reads the text with the parser of Prometheus. It fills a database, for which each sample needs a time.
    private static async Task<string> PromtoolErrorsAsync(string openMetrics)
    {
        using TemporaryDirectory directory = new();
        string file = Path.Combine(directory.Path, "metrics");
        await File.WriteAllLinesAsync(file, openMetrics.TrimEnd('\n').Split('\n').Select(line => line[0] == '#' ? line : $"{line} 1"));
        CommandResult result = await Command.TryRunAsync(
            "promtool", ["tsdb", "create-blocks-from", "--quiet", "openmetrics", file, Path.Combine(directory.Path, "blocks")]);
        return result.ExitCode == 0 ? "" : result.Errors + result.Text;
    }

    // OpenMetrics writes the bound 1 as 1.0.
    private static string SeriesOf(MetricSample sample) =>
        sample.Name + sample.Labels.Replace(".0\"", "\"", StringComparison.Ordinal);

    private Task<string> ScrapeAsync() => _cache.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative));
}
