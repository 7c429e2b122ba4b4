using System.Text;

namespace Harmonia.Benchmarks.Servers.Reports;

/// <summary>Writes results as Markdown: one table of works with ratios to a server, and one for each other title.</summary>
/// <param name="yardstick">The server that ratios compare with. A work that it did not do has none.</param>
internal sealed class MarkdownReport(string yardstick)
{
    public string Write(Results results)
    {
        StringBuilder text = new();
        WriteWorks(text, results);
        foreach ((string title, IReadOnlyList<(string Row, IReadOnlyList<double> Values)> rows) in results.Tables)
        {
            if (text.Length > 0)
                text.Append('\n');
            text.Append($"| {title} | median |\n|---|---|\n");
            foreach ((string row, IReadOnlyList<double> values) in rows)
                text.Append($"| {row} | {Figures.Short(Figures.Median(values))} |\n");
        }

        return text.ToString();
    }

    private void WriteWorks(StringBuilder text, Results results)
    {
        if (!results.Works.Any())
            return;
        text.Append($"| work | server | CPU, median (least to most) | × {yardstick} | rate | p50 | p99 |\n|---|---|---|---|---|---|---|\n");
        foreach ((string work, IReadOnlyList<(string Server, IReadOnlyList<Measurement> Rounds)> servers) in results.Works)
        {
            double? reference = servers.Where(each => each.Server == yardstick).Select(static each => (double?)MedianCost(each.Rounds)).SingleOrDefault();
            string label = work;
            foreach ((string server, IReadOnlyList<Measurement> rounds) in servers)
            {
                text.Append($"| {label} | {server} | {Cost(rounds)} | {Ratio(MedianCost(rounds), reference)} | {Rate(rounds)} ")
                    .Append($"| {Time(rounds, static round => round.P50)} | {Time(rounds, static round => round.P99)} |\n");
                label = "";
            }
        }
    }

    private static double MedianCost(IReadOnlyList<Measurement> rounds) => Figures.Median(rounds.Select(static round => round.Cost));

    private static string Ratio(double cost, double? reference) => reference > 0 ? Figures.Short(cost / reference.Value) : "";

    private static string Cost(IReadOnlyList<Measurement> rounds)
    {
        string unit = rounds[0].Unit == CostUnit.SecondsPerGigabyte ? "s/GB" : "µs";
        double least = rounds.Min(static round => round.Cost);
        double most = rounds.Max(static round => round.Cost);
        return $"{Figures.Short(MedianCost(rounds))} {unit} ({Figures.Short(least)} to {Figures.Short(most)})";
    }

    private static string Rate(IReadOnlyList<Measurement> rounds)
    {
        string unit = rounds[0].Unit == CostUnit.SecondsPerGigabyte ? "MB/s" : "/s";
        return $"{Figures.Short(Figures.Median(rounds.Select(static round => round.Rate)))} {unit}";
    }

    private static string Time(IReadOnlyList<Measurement> rounds, Func<Measurement, double> time) => Figures.Time(Figures.Median(rounds.Select(time)));
}
