namespace Harmonia.Daemon.Database;

/// <summary>Collects edges that come in the order of their sources.</summary>
/// <param name="nodes">The number of nodes.</param>
/// <param name="edges">How many edges to expect. More are fine, but have to be copied.</param>
internal sealed class AdjacencyBuilder(int nodes, int edges)
{
    private readonly int[] _starts = new int[nodes + 1];
    private int[] _targets = new int[edges];
    private int _count;
    private int _last;

    /// <summary>Adds an edge. Its source must not be less than that of the edge before.</summary>
    public void Add(int from, int to)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(from, _last);
        SkipTo(from);
        if (_count == _targets.Length)
        {
            Array.Resize(ref _targets, Math.Max(2 * _count, 16));
        }

        _targets[_count++] = to;
    }

    /// <summary>The edges. The builder must not be used afterwards.</summary>
    public Adjacency Build()
    {
        SkipTo(nodes);
        return new Adjacency(_starts, _targets);
    }

    private void SkipTo(int node)
    {
        while (_last < node)
        {
            _starts[++_last] = _count;
        }
    }
}
