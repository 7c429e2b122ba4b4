using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Database;

/// <summary>Detects cycles in the references of paths that are registered together. Nix: src/libstore/misc.cc, topoSortPaths.</summary>
internal static class ReferenceCycles
{
    /// <summary>
    /// Removes paths without references to remaining paths until none is left. Those that remain are in a cycle, or lead to one.
    /// </summary>
    /// <exception cref="RefusedException">There is a cycle.</exception>
    public static void Refuse(IReadOnlyList<ValidPathInfo> paths, StoreDirectory directory)
    {
        HashSet<StorePath> left = [.. paths.Select(path => path.Path)];
        Dictionary<StorePath, List<StorePath>> referrers = [];
        Dictionary<StorePath, int> missing = [];
        foreach (ValidPathInfo path in paths)
        {
            List<StorePath> references = [.. path.Info.References.Where(reference => reference != path.Path && left.Contains(reference))];
            missing[path.Path] = references.Count;
            foreach (StorePath reference in references)
            {
                if (!referrers.TryGetValue(reference, out List<StorePath>? known))
                {
                    referrers[reference] = known = [];
                }

                known.Add(path.Path);
            }
        }

        Queue<StorePath> free = new(missing.Where(path => path.Value == 0).Select(path => path.Key));
        while (free.TryDequeue(out StorePath? path))
        {
            left.Remove(path);
            foreach (StorePath referrer in referrers.GetValueOrDefault(path) ?? [])
            {
                if (--missing[referrer] == 0)
                {
                    free.Enqueue(referrer);
                }
            }
        }

        if (left.Count > 0)
        {
            throw new RefusedException(
                $"cycle detected in the references of {string.Join(", ", left.Order().Take(5).Select(path => $"'{directory.Print(path)}'"))}");
        }
    }
}
