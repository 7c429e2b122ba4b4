using Harmonia.Daemon.Database;
using Harmonia.Daemon.Store;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Maintenance;

/// <summary>Invalidates valid paths whose files are gone. Nix: src/libstore/local-store.cc, LocalStore::verifyPath.</summary>
internal sealed class VanishedPaths(StoreDatabase database, StoreFiles files, StoreRegistry registry)
{
    /// <summary>
    /// Makes paths invalid unless a path that still exists refers to them. Returns each path with whether it is invalid now.
    /// </summary>
    public IReadOnlyList<(StorePath Path, bool IsRemoved)> Remove(IReadOnlyList<StorePath> vanished)
    {
        if (vanished.Count == 0)
        {
            return [];
        }

        HashSet<StorePath> left = [.. vanished];
        Dictionary<StorePath, IReadOnlyList<StorePath>> references =
            vanished.ToDictionary(path => path, path => database.QueryPathInfo(path)?.References ?? []);
        registry.Change(registration =>
        {
            Queue<StorePath> next = new(vanished);
            while (next.TryDequeue(out StorePath? path))
            {
                // Another process may have added the path again meanwhile.
                if (left.Contains(path) && !files.Exists(path) && registration.TryInvalidate(path))
                {
                    left.Remove(path);
                    foreach (StorePath reference in references[path].Where(left.Contains))
                    {
                        next.Enqueue(reference);
                    }
                }
            }
        });
        return [.. vanished.Select(path => (path, !left.Contains(path)))];
    }
}
