using System.Text;
using Harmonia.Daemon.Interop;
using Harmonia.Daemon.Store;
using Harmonia.Protocol.Nar;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Import;

/// <summary>
/// Adds files and trees to a store as content-addressed paths, as <c>nix-store --add</c> does. Everything is copied, and on its disk,
/// before the first path becomes valid. Nix: src/libstore/local-store.cc, LocalStore::addToStoreFromDump.
/// </summary>
internal sealed class StoreImporter : IDisposable
{
    private const int BlockSize = 256 << 10;

    private readonly StoreLayout _layout;
    private readonly StoreDirectory _directory;
    private readonly TimeProvider _time;
    private readonly LockFile _bigLock;
    private readonly DirectoryHandle _store;
    private readonly PathRegistration _registration;

    /// <summary>Opens the store, and makes it first if need be.</summary>
    /// <exception cref="IOException">That is not possible; the message says why.</exception>
    public StoreImporter(StoreLayout layout, StoreDirectory directory, TimeProvider time)
    {
        _layout = layout;
        _directory = directory;
        _time = time;
        StoreCreation.EnsureExists(layout);
        _bigLock = LockFile.Open(Path.Combine(layout.DatabaseFolder, "big-lock"));
        _bigLock.LockShared();
        _store = DirectoryHandle.Open(layout.RealStoreDirectory);
        _registration = new PathRegistration(layout.DatabasePath, directory);
    }

    /// <summary>Adds files; returns their store paths in the same order.</summary>
    /// <param name="sources">Each with its name in the store.</param>
    /// <param name="cancellationToken">Ends it while nothing has become valid yet.</param>
    /// <exception cref="IOException">Something can't be read or written.</exception>
    /// <exception cref="FormatException">A name can't be that of a store path.</exception>
    public async Task<IReadOnlyList<StorePath>> AddAsync(
        IReadOnlyList<(string File, string Name)> sources, CancellationToken cancellationToken)
    {
        using ScratchDirectory scratch = ScratchDirectory.Create(_store);
        List<ImportedTree> trees = [];
        foreach ((string file, string name) in sources)
        {
            trees.Add(Copy(file, name, scratch.Handle, trees.Count, cancellationToken));
        }

        _store.SynchroniseFileSystem();
        cancellationToken.ThrowIfCancellationRequested();
        TempRoots roots = new(_layout.StateDirectory, _directory);
        using TempRootsFile root = await roots.CreateFileAsync(CancellationToken.None).ConfigureAwait(false);
        foreach (ImportedTree tree in trees)
        {
            await root.AddAsync(tree.Path, CancellationToken.None).ConfigureAwait(false);
            Publish(tree, scratch.Handle);
        }

        return [.. trees.Select(tree => tree.Path)];
    }

    public void Dispose()
    {
        _registration.Dispose();
        _store.Dispose();
        _bigLock.Dispose();
    }

    private ImportedTree Copy(string file, string name, DirectoryHandle scratch, int number, CancellationToken cancellationToken)
    {
        if (name.EndsWith(".drv", StringComparison.Ordinal))
        {
            // Nix takes any valid path of that name for a derivation and registers its outputs.
            throw new FormatException($"'{file}' can't be added under the name '{name}': that is how derivations are called.");
        }

        byte[] scratchName = Encoding.ASCII.GetBytes($"{number}");
        using NarTreeReader source = new(Encoding.UTF8.GetBytes(file));
        using StoreTreeWriter writer = new(scratch, scratchName);
        using NarHasher hasher = new();
        NarParser parser = new(writer);
        byte[] block = new byte[BlockSize];
        int length;
        while ((length = source.Read(block)) > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            hasher.Append(block.AsSpan(0, length));
            _ = parser.Consume(block.AsSpan(0, length));
        }

        Span<byte> hash = stackalloc byte[NarHash.ByteLength];
        long size = hasher.Finish(hash);
        NarHash narHash = NarHash.FromBytes(hash);
        StorePath path = StorePathComputation.MakeSourcePath(_directory, name, narHash, [], refersToSelf: false);
        return new ImportedTree(path, narHash, size, scratchName, writer.IsDirectory);
    }

    private void Publish(ImportedTree tree, DirectoryHandle scratch)
    {
        using PathLock pathLock = PathLock.Take(Path.Combine(_layout.RealStoreDirectory, tree.Path.BaseName));
        if (_registration.IsValidPath(tree.Path))
        {
            return;
        }

        byte[] name = Encoding.ASCII.GetBytes(tree.Path.BaseName);
        _store.RemoveTree(name);
        scratch.Move(tree.ScratchName, _store, name);
        if (tree.IsDirectory)
        {
            using DirectoryHandle directory = _store.OpenDirectory(name);
            directory.ChangeMode(StoreTreeWriter.ExecutableMode);
        }

        ContentAddress address = new(ContentAddressMethod.Nar, tree.NarHash.ToHash());
        _registration.Register(tree.Path, tree.NarHash, tree.NarSize, address, _time.GetUtcNow());
    }
}
