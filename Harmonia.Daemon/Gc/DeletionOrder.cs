using Harmonia.Daemon.Database;

namespace Harmonia.Daemon.Gc;

/// <summary>The order in which paths can be deleted: each before those it refers to.</summary>
internal static class DeletionOrder
{
    /// <summary>Puts paths into that order. Where some refer to each other in a circle, they come last.</summary>
    public static List<int> Of(Adjacency references, IReadOnlyCollection<int> paths)
    {
        // How many of the paths still to come refer to it; -1 for what is none of the paths.
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
