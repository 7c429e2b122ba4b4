using Harmonia.Daemon.Database;
using Harmonia.Daemon.Interop;
using Harmonia.Daemon.Store;
using Harmonia.Protocol.Messages.Gc;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Gc;

/// <summary>
/// Finds and deletes garbage while Nix and this daemon go on using the same store. Nix: src/libstore/gc.cc, LocalStore::collectGarbage.
/// </summary>
/// <remarks>
/// The order of the steps makes this safe. While the collector holds its lock, processes that want to keep a path tell the temporary root
/// server. The collector then reads the older temporary roots, the permanent roots, the database and the store directory, in this order. A
/// process that gave up a temporary root before the first step had made a permanent root or a valid path before, which a later step
/// reads. Every deletion checks with the server and the database again.
/// </remarks>
/// <param name="database">Knows the valid paths and their references.</param>
/// <param name="registry">Makes paths invalid.</param>
/// <param name="roots">Finds the roots.</param>
/// <param name="realStoreDirectory">The directory with the store's files.</param>
/// <param name="stateDirectory">The directory with the locks.</param>
internal sealed class GarbageCollector(
    StoreDatabase database, StoreRegistry registry, GcRootFinder roots, string realStoreDirectory, string stateDirectory)
{
    /// <summary>With this many paths or more, the memory of their graph is returned to the system at once.</summary>
    private const int LargeStore = 10_000;

    /// <summary>The time between two attempts to take the lock while another collector runs, which may take minutes.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Finds the roots.</summary>
    public GcRootFinder Roots => roots;

    /// <summary>Runs one collection. It blocks its thread for a long time, so the caller provides a thread.</summary>
    /// <param name="request">What to list or delete.</param>
    /// <param name="keep">What to keep in addition to what roots refer to.</param>
    /// <param name="log">Gets the log line by line.</param>
    /// <param name="cancellationToken">Cancels it between two deletions.</param>
    /// <exception cref="RefusedException">A path that the request wants to delete is still alive.</exception>
    /// <exception cref="IOException">This process may not collect garbage in this store, or a path cannot be deleted.</exception>
    public async Task<CollectGarbageResult> CollectAsync(
        CollectGarbageRequest request, KeepRules keep, Action<LogLevel, string> log, CancellationToken cancellationToken)
    {
        if (request.Paths is { Count: 0 })
        {
            return new CollectGarbageResult();
        }

        if (request.Action is GcAction.DeleteDead or GcAction.DeleteSpecific)
        {
            // Nix reserves space with this file, so that a collection works when the disk is full.
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
                // The graph takes several times the memory that the process needs otherwise, and would be kept for a long time.
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
        permanent.Add(roots.FindRuntime(out string? hiddenProcess, cancellationToken));
        RefuseBlindly(request, hiddenProcess);
        StoreGraph graph = database.ReadGraph(keep.Outputs, keep.Derivations);
        paths = graph.Count;
        Liveness liveness = FindLive(graph, permanent, tempRoots);
        using DirectoryHandle store = DirectoryHandle.Open(realStoreDirectory);
        StoreEntries entries = StoreEntries.Read(store, graph);
        PathDeleter deletion = new(graph, liveness, tempRoots, registry, store, database.Directory, request.MaxFreed, log);
        GcPlan plan = new(request, graph, liveness, tempRoots, database.Directory);
        if (request.Paths is null && request.MaxFreed == 0)
        {
            // As in Nix, this deletes nothing.
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

    /// <summary>
    /// A daemon of root collects for all users. Where it does not see what their processes use, it would delete that. Other users can't see
    /// everything, and own their stores alone.
    /// </summary>
    private static void RefuseBlindly(CollectGarbageRequest request, string? hiddenProcess)
    {
        if (hiddenProcess is not null && request.Action is (GcAction.DeleteDead or GcAction.DeleteSpecific) && Libc.GetEffectiveUserId() == 0)
        {
            throw new RefusedException(
                $"cannot collect garbage: harmonia-daemon does not see which paths process {hiddenProcess} uses, and might delete them. "
                + "It needs CAP_SYS_PTRACE, and a unit without PrivateUsers=yes");
        }
    }

    private static Liveness FindLive(StoreGraph graph, RootSet permanent, TempRootServer tempRoots)
    {
        Liveness liveness = new(graph);
        foreach (StorePath path in permanent.Targets)
        {
            if (graph.Find(path) is int number)
            {
                liveness.Keep(number);
            }
        }

        foreach (StorePathHash hashPart in tempRoots.All)
        {
            (int start, int length) = graph.Names.FindAll(hashPart).GetOffsetAndLength(graph.Count);
            for (int place = start; place < start + length; place++)
            {
                liveness.Keep(graph.NumberAt(place));
            }
        }

        return liveness;
    }
}
