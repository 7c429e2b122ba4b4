namespace Harmonia.Daemon.Database;

/// <summary>The edges of a graph whose nodes are numbers from 0, in two arrays.</summary>
internal sealed class Adjacency
{
    // The targets of node n are at _starts[n] up to, but not including, _starts[n + 1].
    private readonly int[] _starts;
    private readonly int[] _targets;

    /// <summary>Sorts edges by their source.</summary>
    /// <param name="nodes">The number of nodes.</param>
    /// <param name="edges">The edges in any order, in any number of lists.</param>
    public Adjacency(int nodes, params ReadOnlySpan<List<(int From, int To)>> edges)
    {
        _starts = new int[nodes + 1];
        foreach (List<(int From, int To)> list in edges)
        {
            foreach ((int from, _) in list)
            {
                _starts[from + 1]++;
            }
        }

        for (int node = 0; node < nodes; node++)
        {
            _starts[node + 1] += _starts[node];
        }

        _targets = new int[_starts[nodes]];
        int[] next = _starts[..^1];
        foreach (List<(int From, int To)> list in edges)
        {
            foreach ((int from, int to) in list)
            {
                _targets[next[from]++] = to;
            }
        }
    }

    /// <summary>The number of nodes.</summary>
    public int Nodes => _starts.Length - 1;

    /// <summary>The targets of a node's edges.</summary>
    public ReadOnlySpan<int> this[int node] => _targets.AsSpan(_starts[node].._starts[node + 1]);

    /// <summary>The same edges in the opposite direction.</summary>
    public Adjacency Reverse()
    {
        List<(int From, int To)> edges = new(_targets.Length);
        for (int node = 0; node < Nodes; node++)
        {
            foreach (int target in this[node])
            {
                edges.Add((target, node));
            }
        }

        return new Adjacency(Nodes, edges);
    }
}
