namespace Harmonia.Benchmarks.Servers.Reports;

/// <summary>All that was measured, in the order in which it was first seen.</summary>
internal sealed class Results
{
    private readonly OrderedDictionary<string, OrderedDictionary<string, List<Measurement>>> _works = [];
    private readonly OrderedDictionary<string, OrderedDictionary<string, List<double>>> _titles = [];

    /// <summary>Rounds by work and server.</summary>
    public IEnumerable<(string Work, IReadOnlyList<(string Server, IReadOnlyList<Measurement> Rounds)> Servers)> Works =>
        _works.Select(static work => (work.Key, (IReadOnlyList<(string, IReadOnlyList<Measurement>)>)
            [.. work.Value.Select(static server => (server.Key, (IReadOnlyList<Measurement>)server.Value))]));

    /// <summary>Tables of anything else: values by row.</summary>
    public IEnumerable<(string Title, IReadOnlyList<(string Row, IReadOnlyList<double> Values)> Rows)> Tables =>
        _titles.Select(static title => (title.Key, (IReadOnlyList<(string, IReadOnlyList<double>)>)
            [.. title.Value.Select(static row => (row.Key, (IReadOnlyList<double>)row.Value))]));

    /// <summary>Adds a round of a work at a server.</summary>
    public void Add(string work, string server, Measurement round) => ListOf(_works, work, server).Add(round);

    /// <summary>Adds one value, of several whose median counts.</summary>
    /// <param name="title">What is measured, with its unit.</param>
    /// <param name="row">The server, or the time.</param>
    public void Add(string title, string row, double value) => ListOf(_titles, title, row).Add(value);

    private static List<T> ListOf<T>(OrderedDictionary<string, OrderedDictionary<string, List<T>>> table, string outer, string inner)
    {
        if (!table.TryGetValue(outer, out OrderedDictionary<string, List<T>>? rows))
            table.Add(outer, rows = []);
        if (!rows.TryGetValue(inner, out List<T>? values))
            rows.Add(inner, values = []);
        return values;
    }
}
