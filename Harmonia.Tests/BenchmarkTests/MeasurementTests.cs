using Harmonia.Benchmarks.Servers.Reports;
using NUnit.Framework;

namespace Harmonia.Tests.BenchmarkTests;

public sealed class MeasurementTests
{
    private static readonly TimeSpan Cpu = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Wall = TimeSpan.FromSeconds(4);

    [Test]
    public void Requests_cost_microseconds_each() => Assert.That(
        Measurement.OfRequests(100_000, Cpu, Wall, 5, 6),
        Is.EqualTo(new Measurement(CostUnit.MicrosecondsPerRequest, 20, 25_000, 5, 6)));

    [Test]
    public void Bytes_cost_seconds_for_each_gigabyte() => Assert.That(
        Measurement.OfBytes(8_000_000_000, Cpu, Wall),
        Is.EqualTo(new Measurement(CostUnit.SecondsPerGigabyte, 0.25, 2000, 0, 0)));

    [Test]
    public void No_requests_cost_nothing() => Assert.That(Measurement.OfRequests(0, Cpu, Wall, 0, 0).Cost, Is.Zero);
}
