namespace Harmonia.Cache.Metrics;

/// <summary>How many signatures are made, and how many need not be.</summary>
public static class SignatureMetrics
{
    /// <summary>Adds the metric.</summary>
    /// <param name="registry">Where to.</param>
    /// <param name="made">Reads the number of signatures made since the start.</param>
    /// <param name="kept">Reads the number of signatures found in a file since the start.</param>
    public static void Add(MetricRegistry registry, Func<long> made, Func<long> kept) => registry.AddCounter(
        "harmonia_signatures_total", "Total number of signatures needed, by whether they were made or found in a file", "source",
        [("made", () => made()), ("kept", () => kept())]);
}
