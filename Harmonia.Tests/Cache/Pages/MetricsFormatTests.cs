using Harmonia.Cache.Pages;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Pages;

public sealed class MetricsFormatTests
{
    // Prometheus 3, 2.50 and 2.22, in this order.
    [TestCase(
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,"
        + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1", true)]
    [TestCase(
        "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,"
        + "*/*;q=0.2", true)]
    [TestCase("application/openmetrics-text; version=0.0.1,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", false)]
    [TestCase("application/openmetrics-text", true)]
    [TestCase("Application/OpenMetrics-Text; version=\"1.0.0\"", true)]
    [TestCase("application/openmetrics-text, text/plain", true)]
    [TestCase("application/openmetrics-text;q=0.1, text/plain", false)]
    [TestCase("application/openmetrics-text;q=0.1, text/*;q=0.2", false)]
    [TestCase("application/openmetrics-text;q=0.1, */*", false)]
    [TestCase("application/openmetrics-text;q=0", false)]
    [TestCase("text/plain; version=0.0.4", false)]
    [TestCase("text/html,application/xhtml+xml,*/*;q=0.8", false)]
    [TestCase("*/*", false)]
    [TestCase("a, ;;=", false)]
    [TestCase("", false)]
    [TestCase(null, false)]
    public void OpenMetrics_is_sent_if_the_client_accepts_it_and_prefers_nothing_else(string? accept, bool isOpenMetrics) =>
        Assert.That(MetricsFormat.For(accept), Is.SameAs(isOpenMetrics ? MetricsFormat.OpenMetrics : MetricsFormat.Text));
}
