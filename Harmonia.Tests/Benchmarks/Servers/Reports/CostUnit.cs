namespace Harmonia.Benchmarks.Servers.Reports;

/// <summary>What CPU time is given per.</summary>
internal enum CostUnit
{
    /// <summary>µs for each request; rates are requests per second.</summary>
    MicrosecondsPerRequest,

    /// <summary>s for each GB (10^9 bytes) of NAR; rates are MB per second.</summary>
    SecondsPerGigabyte,
}
