using Harmonia.Daemon.Database;
using Harmonia.Daemon.Interop;
using Harmonia.Daemon.Store;
using Harmonia.Protocol.Messages.Gc;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Gc;

/// <summary>
/// Finds and deletes what no root keeps, while Nix and this daemon go on working on the same store. Nix: src/libstore/gc.cc,
/// LocalStore::collectGarbage.
/// </summary>
/// <remarks>
/// The order is what makes that safe. Once the lock is held, whoever wants to keep a path tells the server. Then come the temporary roots
/// made before, then links, then the database, then the store directory: who has given up a temporary root before they were read has
/// made a link, or a path valid, before that, and who has not, keeps both. Every deletion asks the server, and the database, once more.
/// </remarks>
/// <param name="database">What is valid.</param>
/// <param name="registry">Where paths become invalid.</param>
/// <param name="roots">What is kept.</param>
/// <param name="realStoreDirectory">The folder of the store's files.</param>
/// <param name="stateDirectory">The folder with the locks.</param>
internal sealed class GarbageCollector(
    StoreDatabase database, StoreRegistry registry, GcRootFinder roots, string realStoreDirectory, string stateDirectory)
{
    /// <summary>From so many paths on the memory that they took is given back at once.</summary>
    private const int LargeStore = 10_000;

    /// <summary>Between looks at the lock while another collector runs, which may take minutes.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>What is kept.</summary>
    public GcRootFinder Roots => roots;

    /// <summary>Does what the request says. Blocks its thread for long; so the caller gives it one.</summary>
    /// <param name="request">What to do.</param>
    /// <param name="keep">What to keep besides what roots refer to.</param>
    /// <param name="log">Told what happens, line by line.</param>
    /// <param name="cancellationToken">Ends it between two deletions.</param>
    /// <exception cref="RefusedException">A path that is to be deleted has to stay.</exception>
    /// <exception cref="IOException">This process may not collect here, or something can't be deleted.</exception>
    public async Task<CollectGarbageResult> CollectAsync(
        CollectGarbageRequest request, KeepRules keep, Action<LogLevel, string> log, CancellationToken cancellationToken)
    {
        if (request.Paths is { Count: 0 })
        {
            return new CollectGarbageResult();
        }

        if (request.Action is GcAction.DeleteDead or GcAction.DeleteSpecific)
        {
            // Nix keeps a file there for the time when the disk is full.
            FileRemoval.Unlink(Path.Combine(Path.GetDirectoryName(database.Access.Path)!, "reserved"));
        }

        using LockFile collectorLock = LockFile.Open($"{stateDirectory}/gc.lock");
        await LockAsync(collectorLock, log, cancellationToken);
        TempRootServer tempRoots = new(stateDirectory, database.Directory);
        await using (tempRoots)
        {
            CollectGarbageResult result = Collect(request, keep, tempRoots, log, out int paths, cancellationToken);
            if (paths >= LargeStore)
            {
                // The graph takes several times what this process needs otherwise, and would stay in its memory for long.
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            }

            return result;
        }
    }

    private static async Task LockAsync(LockFile collectorLock, Action<LogLevel, string> log, CancellationToken cancellationToken)
    {
        bool isTold = false;
        while (!collectorLock.TryLockExclusive())
        {
            if (!isTold)
            {
                log(LogLevel.Error, "waiting for the big garbage collector lock...");
            }

            isTold = true;
            await Task.Delay(Pause, cancellationToken);
        }
    }

    private CollectGarbageResult Collect(
        CollectGarbageRequest request, KeepRules keep, TempRootServer tempRoots, Action<LogLevel, string> log, out int paths,
        CancellationToken cancellationToken)
    {
        log(LogLevel.Info, "finding garbage collector roots...");
        foreach (StorePath path in roots.FindTemporary(log).Targets)
        {
            tempRoots.Add(path.Hash);
        }

        RootSet permanent = roots.FindPermanent(log, cancellationToken);
        permanent.Add(roots.FindRuntime(cancellationToken));
        StoreGraph graph = database.ReadGraph();
        paths = graph.Paths.Count;
        Adjacency keeps = graph.Keeps(keep.Outputs, keep.Derivations);
        Liveness liveness = FindLive(graph, keeps, permanent, tempRoots);
        using DirectoryHandle store = DirectoryHandle.Open(realStoreDirectory);
        StoreEntries entries = StoreEntries.Read(store, graph);
        PathDeleter deletion = new(graph, liveness, tempRoots, registry, store, database.Directory, request.MaxFreed, log);
        GcPlan plan = new(request, graph, keeps, liveness, tempRoots, database.Directory);
        if (request.Paths is null && request.MaxFreed == 0)
        {
            // Nothing is looked for then, as in Nix.
        }
        else if (request.Action is GcAction.ReturnLive or GcAction.ReturnDead)
        {
            log(LogLevel.Info, "determining live/dead paths...");
            return request.Action == GcAction.ReturnLive ? plan.ListLive(entries) : plan.ListDead(entries);
        }
        else if (request.Paths is null)
        {
            log(LogLevel.Info, "deleting garbage...");
            plan.DeleteAll(entries, deletion, cancellationToken);
        }
        else
        {
            plan.DeleteSpecific(deletion, cancellationToken);
        }

        if (request.Action is GcAction.DeleteDead or GcAction.DeleteSpecific)
        {
            UnusedLinks.Remove(store, log, cancellationToken);
            registry.Vacuum();
        }

        return deletion.Result;
    }

    private static Liveness FindLive(StoreGraph graph, Adjacency keeps, RootSet permanent, TempRootServer tempRoots)
    {
        Liveness liveness = new(keeps);
        foreach (StorePath path in permanent.Targets)
        {
            if (graph.Find(path) is int number)
            {
                liveness.Keep(number);
            }
        }

        for (int number = 0; number < graph.Paths.Count; number++)
        {
            if (tempRoots.Keeps(graph.Paths[number].Hash))
            {
                liveness.Keep(number);
            }
        }

        return liveness;
    }
}
