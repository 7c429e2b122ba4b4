using System.Text;
using Harmonia.Daemon.Database;
using Harmonia.Daemon.Interop;
using Harmonia.Daemon.Store;
using Harmonia.Protocol.Messages.Gc;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Primitives;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Gc;

/// <summary>
/// Deletes what one collection finds dead. A path becomes invalid before its files go, so that whatever happens in between, the database
/// names nothing that is not there. Nix: src/libstore/gc.cc, LocalStore::collectGarbage.
/// </summary>
internal sealed class PathDeleter(
    StoreGraph graph, Liveness liveness, TempRootServer tempRoots, StoreRegistry registry, DirectoryHandle store, StoreDirectory directory,
    ulong maxFreed, Action<LogLevel, string> log)
{
    /// <summary>Paths that become invalid in one transaction. Whoever wants to keep one of them waits for the files of all.</summary>
    private const int BatchSize = 64;

    private readonly List<string> _deleted = [];
    private readonly bool[] _isGone = new bool[graph.Paths.Count];

    /// <summary>What was deleted, and how much that freed.</summary>
    public CollectGarbageResult Result => new() { Paths = _deleted, BytesFreed = BytesFreed };

    /// <summary>Whether so much is free that nothing more is to be deleted.</summary>
    public bool IsOver => BytesFreed > maxFreed;

    private ulong BytesFreed { get; set; }

    public bool IsGone(int path) => _isGone[path];

    /// <summary>Deletes valid paths, except what somebody wants to keep by now, and what that refers to.</summary>
    public void DeleteValid(IReadOnlyCollection<int> paths, CancellationToken cancellationToken)
    {
        // With a limit one after the other, so that it ends where it should.
        foreach (int[] batch in DeletionOrder.Of(graph.References, paths).Chunk(maxFreed == ulong.MaxValue ? BatchSize : 1).TakeWhile(_ => !IsOver))
        {
            cancellationToken.ThrowIfCancellationRequested();
            DeleteBatch(batch);
        }
    }

    /// <summary>Deletes the files of a path that is not valid, unless somebody wants to keep it.</summary>
    public void DeleteInvalid(StorePath path)
    {
        if (!tempRoots.TryBeginDeletion(path.Hash))
        {
            return;
        }

        try
        {
            if (registry.FindValid([path]).Count == 0)
            {
                Delete(Encoding.ASCII.GetBytes(path.BaseName));
            }
        }
        finally
        {
            tempRoots.EndDeletion(path.Hash);
        }
    }

    /// <summary>Deletes what has no name of a path, unless it is a scratch directory that somebody uses.</summary>
    public void DeleteStray(byte[] name)
    {
        using DirectoryHandle? scratch = StoreEntries.IsScratch(name) ? store.FindDirectory(name) : null;
        if (!StoreEntries.IsScratch(name) || scratch?.TryLockExclusive() == true)
        {
            Delete(name);
        }
    }

    private void DeleteBatch(int[] batch)
    {
        Queue<StorePath> going = new();
        try
        {
            registry.Change(registration =>
            {
                foreach (int path in batch.Where(path => !liveness.IsAlive(path)))
                {
                    Invalidate(registration, path, going);
                }
            });
            while (going.TryPeek(out StorePath? path))
            {
                Delete(Encoding.ASCII.GetBytes(path.BaseName));
                tempRoots.EndDeletion(going.Dequeue().Hash);
            }
        }
        finally
        {
            foreach (StorePath path in going)
            {
                tempRoots.EndDeletion(path.Hash);
            }
        }
    }

    private void Invalidate(PathRegistration registration, int number, Queue<StorePath> going)
    {
        StorePath path = graph.Paths[number];
        if (!tempRoots.TryBeginDeletion(path.Hash))
        {
            liveness.Keep(number);
            return;
        }

        if (registration.TryInvalidate(path))
        {
            going.Enqueue(path);
            _isGone[number] = true;
            return;
        }

        // Something that refers to it was added after the graph was read.
        tempRoots.EndDeletion(path.Hash);
        liveness.Keep(number);
    }

    private void Delete(byte[] name)
    {
        string path = $"{directory.Path}/{PrintableBytes.Of(name)}";
        log(LogLevel.Info, $"deleting '{path}'");
        _deleted.Add(path);
        BytesFreed += store.RemoveTree(name);
        if (IsOver)
        {
            log(LogLevel.Info, $"deleted more than {maxFreed} bytes; stopping");
        }
    }
}
