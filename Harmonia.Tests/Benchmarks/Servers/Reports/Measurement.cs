namespace Harmonia.Benchmarks.Servers.Reports;

/// <summary>One round of one work at one server.</summary>
/// <param name="Cost">CPU time of the server, in the unit.</param>
/// <param name="Rate">Requests, or MB, per second.</param>
/// <param name="P50">The median time of a request in µs, or zero where none is known.</param>
/// <param name="P99">The time of the slowest hundredth in µs, or zero where none is known.</param>
internal sealed record Measurement(CostUnit Unit, double Cost, double Rate, double P50, double P99)
{
    private const double BytesPerMegabyte = 1e6;
    private const double BytesPerGigabyte = 1e9;

    public static Measurement OfRequests(long requests, TimeSpan cpu, TimeSpan wall, double p50, double p99) => new(
        CostUnit.MicrosecondsPerRequest,
        requests == 0 ? 0 : cpu.TotalMicroseconds / requests,
        requests / wall.TotalSeconds,
        p50,
        p99);

    public static Measurement OfBytes(long bytes, TimeSpan cpu, TimeSpan wall) => new(
        CostUnit.SecondsPerGigabyte,
        bytes == 0 ? 0 : cpu.TotalSeconds / (bytes / BytesPerGigabyte),
        bytes / BytesPerMegabyte / wall.TotalSeconds,
        0,
        0);
}
