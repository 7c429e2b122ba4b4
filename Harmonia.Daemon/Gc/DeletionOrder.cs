using Harmonia.Daemon.Database;

namespace Harmonia.Daemon.Gc;

/// <summary>Orders paths for deletion: each before the paths it refers to.</summary>
internal static class DeletionOrder
{
    /// <summary>Returns the paths in that order. Paths in a reference cycle come last.</summary>
    public static List<int> Of(Adjacency references, IReadOnlyCollection<int> paths)
    {
        // The number of referrers that are not in the order yet; -1 for a node that is not among the paths.
        int[] referrers = new int[references.Nodes];
        Array.Fill(referrers, -1);
        foreach (int path in paths)
        {
            referrers[path] = 0;
        }

        foreach (int path in paths)
        {
            foreach (int reference in references[path])
            {
                referrers[reference] += referrers[reference] < 0 ? 0 : 1;
            }
        }

        List<int> order = [.. paths.Where(path => referrers[path] == 0)];
        for (int next = 0; next < order.Count; next++)
        {
            foreach (int reference in references[order[next]])
            {
                if (referrers[reference] > 0 && --referrers[reference] == 0)
                {
                    order.Add(reference);
                }
            }
        }

        order.AddRange(paths.Where(path => referrers[path] > 0));
        return order;
    }
}
