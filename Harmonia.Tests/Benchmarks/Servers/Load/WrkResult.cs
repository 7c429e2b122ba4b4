namespace Harmonia.Benchmarks.Servers.Load;

/// <summary>What wrk counted.</summary>
/// <param name="Requests">Complete responses.</param>
/// <param name="Wall">How long it asked.</param>
/// <param name="P50">The median time of a request in µs.</param>
/// <param name="P99">The time of the slowest hundredth in µs.</param>
/// <param name="Errors">Responses with a status of 400 and above.</param>
/// <param name="Broken">Connections that failed.</param>
internal sealed record WrkResult(long Requests, TimeSpan Wall, double P50, double P99, long Errors, long Broken);
