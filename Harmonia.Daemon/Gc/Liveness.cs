using Harmonia.Daemon.Database;

namespace Harmonia.Daemon.Gc;

/// <summary>The live paths: those of roots, and those that a live path keeps.</summary>
internal sealed class Liveness(StoreGraph graph)
{
    private readonly bool[] _isAlive = new bool[graph.Count];
    private readonly Stack<int> _rest = new();

    public bool IsAlive(int path) => _isAlive[path];

    /// <summary>Makes a path live, and all paths that it keeps.</summary>
    public void Keep(int path)
    {
        Visit(path);
        while (_rest.TryPop(out int next))
        {
            foreach (Adjacency keeps in graph.Keeps)
            {
                foreach (int target in keeps[next])
                {
                    Visit(target);
                }
            }
        }
    }

    private void Visit(int path)
    {
        if (!_isAlive[path])
        {
            _isAlive[path] = true;
            _rest.Push(path);
        }
    }
}
