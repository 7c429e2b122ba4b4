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
/// Deletes the dead paths of one collection. A path becomes invalid before its files are deleted, so that a crash in between leaves no
/// valid path without files. Nix: src/libstore/gc.cc, LocalStore::collectGarbage.
/// </summary>
internal sealed class PathDeleter(
    StoreGraph graph, Liveness liveness, TempRootServer tempRoots, StoreRegistry registry, DirectoryHandle store, StoreDirectory directory,
    ulong maxFreed, Action<LogLevel, string> log)
{
    /// <summary>
    /// How many paths become invalid in one transaction. A process that wants to keep one of them waits until all are deleted.
    /// </summary>
    private const int BatchSize = 64;

    private readonly List<string> _deleted = [];
    private readonly bool[] _isGone = new bool[graph.Count];

    /// <summary>The deleted paths, and how many bytes that freed.</summary>
    public CollectGarbageResult Result => new() { Paths = _deleted, BytesFreed = BytesFreed };

    /// <summary>Whether the limit on freed bytes is reached, so that the collection ends.</summary>
    public bool IsOver => BytesFreed > maxFreed;

    private ulong BytesFreed { get; set; }

    public bool IsGone(int path) => _isGone[path];

    /// <summary>Deletes valid paths, except those that got a temporary root meanwhile and what they refer to.</summary>
    public void DeleteValid(IReadOnlyCollection<int> paths, CancellationToken cancellationToken)
    {
        // With a limit, paths are deleted one by one, so that the collection ends as soon as the limit is reached.
        foreach (int[] batch in DeletionOrder.Of(graph.References, paths).Chunk(maxFreed == ulong.MaxValue ? BatchSize : 1).TakeWhile(_ => !IsOver))
        {
            cancellationToken.ThrowIfCancellationRequested();
            DeleteBatch(batch);
        }
    }

    /// <summary>Deletes the files of an invalid path, unless it has a temporary root.</summary>
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

    /// <summary>Deletes an entry whose name is not that of a store path, unless it is a scratch directory in use.</summary>
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
        StorePath path = graph.PathOf(number);
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

        // A path that refers to it was added after the graph was read.
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
