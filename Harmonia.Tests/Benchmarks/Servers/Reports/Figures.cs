namespace Harmonia.Benchmarks.Servers.Reports;

/// <summary>Medians, and numbers as the tables show them.</summary>
internal static class Figures
{
    private const double Hundred = 100;
    private const double Ten = 10;
    private const double MicrosecondsPerMillisecond = 1000;

    /// <summary>The middle one, or the mean of the two in the middle.</summary>
    /// <exception cref="ArgumentException">There are no values.</exception>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        if (sorted.Length == 0)
            throw new ArgumentException("There is no median of nothing.", nameof(values));
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>Three digits, or all before the point.</summary>
    public static string Short(double number) => number.ToString(number >= Hundred ? "F0" : number >= Ten ? "F1" : "F2");

    /// <summary>µs below a millisecond, else ms; nothing where no time is known.</summary>
    public static string Time(double microseconds) => microseconds switch
    {
        <= 0 => "",
        >= MicrosecondsPerMillisecond => $"{Short(microseconds / MicrosecondsPerMillisecond)} ms",
        _ => $"{Short(microseconds)} µs",
    };
}
