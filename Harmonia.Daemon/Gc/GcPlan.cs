using Harmonia.Daemon.Database;
using Harmonia.Protocol.Messages.Gc;
using Harmonia.Protocol.Primitives;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Gc;

/// <summary>
/// Decides which paths one request lists or deletes: the whole store or certain paths. Nix: src/libstore/gc.cc, LocalStore::collectGarbage.
/// </summary>
internal sealed class GcPlan(
    CollectGarbageRequest request, StoreGraph graph, Liveness liveness, TempRootServer tempRoots, StoreDirectory directory)
{
    private readonly Lazy<IReadOnlyList<Adjacency>> _keptBy = new(() => [.. graph.Keeps.Select(edges => edges.Reverse())]);
    private readonly HashSet<StorePath> _named = [.. request.Paths ?? []];

    /// <summary>Lists the live paths.</summary>
    public CollectGarbageResult ListLive(StoreEntries entries) => new()
    {
        Paths = request.Paths is not null
            ? [.. request.Paths.Where(path => FindDoomed(path) is null).Select(directory.Print)]
            : List(areAlive: true, entries.Invalid.Where(IsKept).Select(directory.Print)),
    };

    /// <summary>
    /// Lists the paths that would be deleted, without scratch directories: only the deletion itself can check whether one is in use.
    /// </summary>
    public CollectGarbageResult ListDead(StoreEntries entries)
    {
        if (request.Paths is not null)
        {
            IEnumerable<int> doomed = request.Paths.SelectMany(path => FindDoomed(path) ?? []).Distinct();
            return new CollectGarbageResult { Paths = [.. doomed.Select(number => directory.Print(graph.PathOf(number)))] };
        }

        IEnumerable<string> dead = entries.Invalid.Where(path => !IsKept(path)).Select(directory.Print);
        IEnumerable<string> strays = entries.Strays.Where(name => !StoreEntries.IsScratch(name))
            .Select(name => $"{directory.Path}/{PrintableBytes.Of(name)}");
        return new CollectGarbageResult { Paths = List(areAlive: false, dead.Concat(strays)) };
    }

    /// <summary>Deletes all dead paths, or as many as the request allows.</summary>
    public void DeleteAll(StoreEntries entries, PathDeleter deletion, CancellationToken cancellationToken)
    {
        foreach (byte[] name in entries.Strays.TakeWhile(_ => !deletion.IsOver))
        {
            deletion.DeleteStray(name);
        }

        foreach (StorePath path in entries.Invalid.TakeWhile(_ => !deletion.IsOver))
        {
            cancellationToken.ThrowIfCancellationRequested();
            deletion.DeleteInvalid(path);
        }

        deletion.DeleteValid([.. Numbers.Where(number => !liveness.IsAlive(number))], cancellationToken);
    }

    /// <summary>Deletes the paths of the request, one after the other.</summary>
    /// <exception cref="RefusedException">A path is still alive, and the request is for exactly these paths.</exception>
    public void DeleteSpecific(PathDeleter deletion, CancellationToken cancellationToken)
    {
        foreach (StorePath path in request.Paths!.TakeWhile(_ => !deletion.IsOver))
        {
            if (!TryDelete(path, deletion, cancellationToken) && request.Action == GcAction.DeleteSpecific)
            {
                throw new RefusedException(
                    $"Cannot delete path '{directory.Print(path)}' since it is still alive. To find out why, use: "
                    + "nix-store --query --roots and nix-store --query --referrers");
            }
        }
    }

    private IEnumerable<int> Numbers => Enumerable.Range(0, graph.Count);

    private PathListing List(bool areAlive, IEnumerable<string> others)
    {
        List<int> places = new(graph.Count);
        for (int place = 0; place < graph.Count; place++)
        {
            if (liveness.IsAlive(graph.NumberAt(place)) == areAlive)
            {
                places.Add(place);
            }
        }

        return new PathListing(graph.Names, directory, [.. places], others);
    }

    private bool TryDelete(StorePath path, PathDeleter deletion, CancellationToken cancellationToken)
    {
        if (FindDoomed(path) is not List<int> doomed)
        {
            return false;
        }

        if (graph.Find(path) is not int number)
        {
            deletion.DeleteInvalid(path);
            return true;
        }

        deletion.DeleteValid([.. doomed.Where(other => !deletion.IsGone(other))], cancellationToken);
        return deletion.IsGone(number);
    }

    /// <summary>The path and its referrers, which must be deleted with it; null when one of them must stay.</summary>
    private List<int>? FindDoomed(StorePath path)
    {
        if (graph.Find(path) is not int start)
        {
            return IsKept(path) ? null : [];
        }

        HashSet<int> seen = [start];
        List<int> doomed = [start];
        for (int next = 0; next < doomed.Count; next++)
        {
            if (liveness.IsAlive(doomed[next]) || !(request.DeleteReferrers || _named.Contains(graph.PathOf(doomed[next]))))
            {
                return null;
            }

            foreach (Adjacency keptBy in _keptBy.Value)
            {
                foreach (int referrer in keptBy[doomed[next]])
                {
                    if (seen.Add(referrer))
                    {
                        doomed.Add(referrer);
                    }
                }
            }
        }

        return doomed;
    }

    private bool IsKept(StorePath path) => tempRoots.Keeps(path.Hash);
}
