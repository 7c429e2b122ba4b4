namespace Harmonia.Daemon.Database;

/// <summary>The edges of a graph whose nodes are numbers from 0, in two arrays.</summary>
internal sealed class Adjacency
{
    // The targets of node n are at _starts[n] up to, but not including, _starts[n + 1].
    private readonly int[] _starts;
    private readonly int[] _targets;

    /// <param name="starts">Where the targets of each node start, and at the end, where those of the last one end.</param>
    /// <param name="targets">The targets of all nodes. The arrays belong to this object.</param>
    public Adjacency(int[] starts, int[] targets) => (_starts, _targets) = (starts, targets);

    /// <summary>The number of nodes.</summary>
    public int Nodes => _starts.Length - 1;

    /// <summary>The targets of a node's edges.</summary>
    public ReadOnlySpan<int> this[int node] => _targets.AsSpan(_starts[node].._starts[node + 1]);

    /// <summary>The same edges in the opposite direction.</summary>
    public Adjacency Reverse()
    {
        int[] starts = new int[_starts.Length];
        foreach (int target in _targets.AsSpan(0, _starts[^1]))
        {
            starts[target + 1]++;
        }

        for (int node = 0; node < Nodes; node++)
        {
            starts[node + 1] += starts[node];
        }

        int[] targets = new int[_starts[^1]];
        int[] next = starts[..^1];
        for (int node = 0; node < Nodes; node++)
        {
            foreach (int target in this[node])
            {
                targets[next[target]++] = node;
            }
        }

        return new Adjacency(starts, targets);
    }
}
