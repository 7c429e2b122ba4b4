using System.Text;
using Harmonia.Daemon.Interop;
using Harmonia.Daemon.Maintenance;
using Harmonia.Daemon.Store;
using Harmonia.Protocol.Interop;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Adding;

/// <summary>
/// Moves trees into one store and makes them valid, for any number of tasks at once. Opens the store with the first addition: a daemon that
/// only answers queries need not be able to write.
/// </summary>
/// <param name="realStoreDirectory">The directory with the store's files.</param>
/// <param name="registry">Makes the paths valid; the caller disposes it.</param>
/// <param name="synchronise">Whether to flush files to disk before their paths become valid: Nix's fsync-store-paths.</param>
internal sealed class StoreWriter(string realStoreDirectory, StoreRegistry registry, bool synchronise) : IDisposable
{
    private readonly Lazy<DirectoryHandle> _store = new(() => DirectoryHandle.Open(realStoreDirectory));

    /// <summary>Frees space if the disk is nearly full. Called before trees are moved into the store; null for nothing.</summary>
    public Func<CancellationToken, Task>? MakeRoomAsync { get; init; }

    /// <summary>Creates a directory in the store for trees that are not complete yet.</summary>
    /// <exception cref="SystemCallException">This process may not write to the store.</exception>
    public ScratchDirectory CreateScratchDirectory() => ScratchDirectory.Create(_store.Value);

    /// <summary>Removes the scratch directories that killed processes left behind.</summary>
    /// <exception cref="SystemCallException">This process may not write to the store.</exception>
    public void RemoveAbandoned(CancellationToken cancellationToken)
    {
        using DirectoryHandle store = DirectoryHandle.Open(realStoreDirectory);
        ScratchDirectory.RemoveAbandoned(store, cancellationToken);
    }

    /// <summary>Moves trees into the store and makes them valid, all or none. Leaves valid paths unchanged.</summary>
    /// <param name="scratch">The directory with the trees.</param>
    /// <param name="paths">The metadata to register, each with its verified tree.</param>
    /// <param name="repair">Whether to replace valid paths too.</param>
    /// <param name="optimise">Whether to hard-link files to equal ones.</param>
    /// <param name="cancellationToken">Cancels the wait for processes that add the same paths.</param>
    public async Task PublishAsync(
        DirectoryHandle scratch,
        IReadOnlyList<(ValidPathInfo Info, ReceivedTree Tree)> paths,
        bool repair,
        bool optimise,
        CancellationToken cancellationToken)
    {
        if (MakeRoomAsync is not null)
        {
            await MakeRoomAsync(cancellationToken);
        }

        // All processes take the locks in the same order, so there is no deadlock.
        List<(ValidPathInfo Info, ReceivedTree Tree)> sorted = [.. paths.DistinctBy(path => path.Info.Path).OrderBy(path => path.Info.Path)];
        List<PathLock> locks = [];
        try
        {
            foreach ((ValidPathInfo info, _) in sorted)
            {
                locks.Add(await PathLock.TakeAsync($"{realStoreDirectory}/{info.Path}", cancellationToken));
            }

            HashSet<StorePath> valid = registry.FindValid(sorted.Select(path => path.Info.Path));
            Publish(scratch, [.. sorted.Where(path => repair || !valid.Contains(path.Info.Path))], valid, optimise, cancellationToken);
        }
        finally
        {
            locks.ForEach(held => held.Dispose());
        }
    }

    public void Dispose()
    {
        if (_store.IsValueCreated)
        {
            _store.Value.Dispose();
        }
    }

    private void Publish(
        DirectoryHandle scratch,
        List<(ValidPathInfo Info, ReceivedTree Tree)> paths,
        HashSet<StorePath> valid,
        bool optimise,
        CancellationToken cancellationToken)
    {
        if (paths.Count == 0)
        {
            return;
        }

        int moved = 0;
        try
        {
            foreach ((ValidPathInfo info, ReceivedTree tree) in paths)
            {
                Move(scratch, tree, NameOf(info));
                moved++;
            }

            if (optimise)
            {
                Optimise(paths, cancellationToken);
            }

            if (synchronise)
            {
                _store.Value.SynchroniseFileSystem();
            }

            registry.Register([.. paths.Select(path => path.Info)]);
        }
        catch
        {
            foreach ((ValidPathInfo info, _) in paths.Take(moved).Where(path => !valid.Contains(path.Info.Path)))
            {
                _ = _store.Value.TryRemoveTree(NameOf(info));
            }

            throw;
        }
    }

    private void Optimise(List<(ValidPathInfo Info, ReceivedTree Tree)> paths, CancellationToken cancellationToken)
    {
        // Opened each time, because an administrator may delete the directory to free space.
        using LinksDirectory links = LinksDirectory.Open(realStoreDirectory);
        PathOptimiser optimiser = new(links, new LinkedInodes());
        foreach ((ValidPathInfo info, _) in paths)
        {
            // Its warnings concern corrupt links, which a verification of the store reports too.
            _ = optimiser.Optimise(info.Path, cancellationToken);
        }
    }

    private void Move(DirectoryHandle scratch, ReceivedTree tree, byte[] name)
    {
        // What is there already is a leftover of a crash, or is being repaired.
        _store.Value.RemoveTree(name);
        scratch.Move(tree.Name, _store.Value, name);
        if (tree.IsDirectory)
        {
            using DirectoryHandle directory = _store.Value.OpenDirectory(name);
            directory.ChangeMode(StoreTreeWriter.ExecutableMode);
        }
    }

    private static byte[] NameOf(ValidPathInfo info) => Encoding.ASCII.GetBytes(info.Path.BaseName);
}
