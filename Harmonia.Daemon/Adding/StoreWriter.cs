using System.Text;
using Harmonia.Daemon.Interop;
using Harmonia.Daemon.Maintenance;
using Harmonia.Daemon.Store;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Adding;

/// <summary>
/// Adds to one store, for any number of tasks at once. Opens nothing before the first addition: a daemon that only answers needs no right
/// to write.
/// </summary>
/// <param name="realStoreDirectory">The folder of the store's files.</param>
/// <param name="registry">Where paths become valid.</param>
/// <param name="synchronise">Whether files are on their disk before their paths become valid: Nix's fsync-store-paths.</param>
internal sealed class StoreWriter(string realStoreDirectory, StoreRegistry registry, bool synchronise) : IDisposable
{
    private readonly Lazy<DirectoryHandle> _store = new(() => DirectoryHandle.Open(realStoreDirectory));

    /// <summary>Makes room on the disk, if there is little; called before paths get to their places.</summary>
    public Func<CancellationToken, Task>? MakeRoomAsync { get; init; }

    /// <summary>Creates a directory in the store for trees that are not complete yet.</summary>
    /// <exception cref="LibcException">This process may not write to the store.</exception>
    public ScratchDirectory CreateScratchDirectory() => ScratchDirectory.Create(_store.Value);

    /// <summary>Removes what killed processes have left of additions.</summary>
    /// <exception cref="LibcException">This process may not.</exception>
    public void RemoveAbandoned(CancellationToken cancellationToken)
    {
        using DirectoryHandle store = DirectoryHandle.Open(realStoreDirectory);
        ScratchDirectory.RemoveAbandoned(store, cancellationToken);
    }

    /// <summary>Does what <see cref="StoreAddition.PublishAsync"/> says.</summary>
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

        // Everybody locks in the same order, so nobody waits in a circle.
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
        // Anew each time: whoever needs room may remove it with everything in it.
        using LinksDirectory links = LinksDirectory.Open(realStoreDirectory);
        PathOptimiser optimiser = new(links, new LinkedInodes());
        foreach ((ValidPathInfo info, _) in paths)
        {
            // Whatever it has to say is said of links, which a verification of the store finds too.
            _ = optimiser.Optimise(info.Path, cancellationToken);
        }
    }

    private void Move(DirectoryHandle scratch, ReceivedTree tree, byte[] name)
    {
        // What is there was left by a crash, or is to be repaired.
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
