using Harmonia.Cache.Http;
using Harmonia.Cache.Metrics;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Metrics;

public sealed class HttpMetricsTests
{
    private const string Label = "/{hash}.narinfo";

    [TestCase(0, "0.0001")]
    [TestCase(1_000, "0.0001")]
    [TestCase(1_001, "0.0005")]
    [TestCase(10_000, "0.001")]
    [TestCase(10_000_000, "1")]
    [TestCase(10_000_001, "+Inf")]
    public async Task A_duration_counts_in_the_first_bucket_that_contains_it_and_all_later_ones(long ticks, string bucket)
    {
        MetricRegistry registry = new();
        HttpMetrics metrics = new(registry.Factory, [new HttpPath(Label, 200)]);

        Record(metrics, TimeSpan.FromTicks(ticks));

        Assert.That(
            MetricSample.Parse(await MetricSample.TextOfAsync(registry))
                .First(sample => sample.Name == "harmonia_http_request_duration_seconds_bucket" && sample.Value > 0).Labels,
            Does.EndWith($",le=\"{bucket}\""));
    }

    [Test]
    public async Task No_request_is_lost_when_many_threads_record_and_one_reads()
    {
        const int Count = 40_000;
        MetricRegistry registry = new();
        HttpMetrics metrics = new(registry.Factory, [new HttpPath(Label)]);
        Task recording = Task.Run(() => Parallel.For(0, Count, index => Record(metrics, TimeSpan.FromMilliseconds(index % 3))));

        string text;
        bool isLast;
        do
        {
            isLast = recording.IsCompleted;
            text = await MetricSample.TextOfAsync(registry);
            Assert.That(
                MetricSample.Parse(text).Where(sample => sample.Name == "harmonia_http_request_duration_seconds_bucket").Select(sample => sample.Value),
                Is.Ordered);
        }
        while (!isLast);

        await recording;
        string labels = $"method=\"GET\",path=\"{Label}\",status=\"200\"";
        Assert.That(MetricSample.ValueOf(text, "harmonia_http_requests_total", labels), Is.EqualTo(Count));
        Assert.That(MetricSample.ValueOf(text, "harmonia_http_request_duration_seconds_count", labels), Is.EqualTo(Count));
        Assert.That(MetricSample.ValueOf(text, "harmonia_http_request_duration_seconds_sum", labels), Is.EqualTo(40).Within(0.01));
        Assert.That(MetricSample.ValueOf(text, "harmonia_http_response_bytes_total", $"path=\"{Label}\""), Is.EqualTo(Count * 7));
        Assert.That(MetricSample.ValueOf(text, "harmonia_http_requests_in_flight", ""), Is.Zero);
    }

    [Test]
    public void Recording_allocates_nothing()
    {
        MetricRegistry registry = new();
        HttpMetrics metrics = new(registry.Factory, [new HttpPath(Label, 200)]);
        Record(metrics, TimeSpan.Zero);
        long before = GC.GetAllocatedBytesForCurrentThread();

        for (int request = 0; request < 1000; request++)
            Record(metrics, TimeSpan.FromTicks(request));

        // A tiering compiler may allocate a little on this thread, but not for each request.
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1000 * 24));
    }

    private static void Record(HttpMetrics metrics, TimeSpan duration)
    {
        metrics.Began();
        metrics.Ended(RouteKind.Unknown, "GET", status: 200, duration, duration, bytes: 7);
    }
}
