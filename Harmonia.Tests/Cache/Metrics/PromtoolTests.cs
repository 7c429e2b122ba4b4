using System.Text;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Metrics;

/// <summary>The real program under load. Its metrics address is scraped, and Prometheus' own tool checks the output.</summary>
public sealed class PromtoolTests
{
    private const int Clients = 8;
    private const int Requests = 200;

    [Test]
    public async Task Every_scrape_of_a_busy_cache_is_accepted_and_the_last_one_counts_all()
    {
        using TemporaryDirectory directory = new();
        await using FakeDaemon daemon = FakeDaemon.Started();
        int port = CacheProcess.FreePort();
        await using CacheProcess cache = await CacheProcess.StartAsync(
            directory, $"metrics_bind = \"127.0.0.1:{port}\"", [], daemonSocket: daemon.SocketPath);
        using HttpClient scraper = new() { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        Task load = Task.WhenAll(Enumerable.Range(0, Clients).Select(client => AskAsync(cache.Port, client)));

        string text;
        bool isLast;
        do
        {
            isLast = load.IsCompleted;
            text = await scraper.GetStringAsync(new Uri("/metrics", UriKind.Relative)).InTime();
            CommandResult result = await Command.TryRunAsync("promtool", ["check", "metrics"], input: Encoding.UTF8.GetBytes(text));
            Assert.That((result.ExitCode, result.Errors + result.Text), Is.EqualTo((0, "")));
        }
        while (!isLast);

        await load;
        Assert.That(text, Does.Contain(
            $"harmonia_http_requests_total{{method=\"GET\",path=\"/{{hash}}.narinfo\",status=\"200\"}} {Clients * Requests}\n"));
        CommandResult elsewhere = await Command.RunAsync(
            "curl", ["--silent", "--output", "/dev/null", "--write-out", "%{http_code}", $"http://127.0.0.1:{cache.Port}/metrics"]);
        Assert.That(elsewhere.Text, Is.EqualTo("404"));
    }

    private static async Task AskAsync(int port, int client)
    {
        using HttpClient http = new() { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        for (int request = 0; request < Requests; request++)
            await http.GetStringAsync(new Uri($"/{FakeStore.Hash((client * Requests) + request)}.narinfo", UriKind.Relative)).InTime();
    }
}
