using System.Text;
using Harmonia.Daemon.Database;
using Harmonia.Daemon.Store;
using Harmonia.Protocol.Nar;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Adding;

/// <summary>
/// Adds files and directories to a store as content-addressed paths, as <c>nix-store --add</c> does. Copies everything and flushes it to
/// disk before the first path becomes valid. Nix: src/libstore/local-store.cc, LocalStore::addToStoreFromDump.
/// </summary>
internal sealed class StoreImporter : IDisposable
{
    private const int BlockSize = 256 << 10;

    private readonly StoreLayout _layout;
    private readonly StoreDirectory _directory;
    private readonly StoreDatabase _database;
    private readonly StoreChanges _changes;
    private readonly StoreRegistry _registry;
    private readonly StoreWriter _writer;

    /// <summary>Opens the store, and creates it if needed.</summary>
    /// <exception cref="IOException">The store cannot be opened or created; the message says why.</exception>
    public StoreImporter(StoreLayout layout, StoreDirectory directory, TimeProvider time)
    {
        _layout = layout;
        _directory = directory;
        StoreCreation.EnsureExists(layout);
        _database = new StoreDatabase(layout.DatabasePath, directory, connections: 1);
        StoreFiles files = new(layout.RealStoreDirectory, directory);
        _changes = new StoreChanges(_database, time);
        _registry = new StoreRegistry(_database, files, _changes, time);
        _writer = new StoreWriter(layout.RealStoreDirectory, _registry, synchronise: true);
    }

    /// <summary>Adds files; returns their store paths in the same order.</summary>
    /// <param name="sources">The files, each with its name in the store.</param>
    /// <param name="cancellationToken">Cancels it before the first path becomes valid.</param>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    /// <exception cref="FormatException">A name is not valid for a store path.</exception>
    public async Task<IReadOnlyList<StorePath>> AddAsync(
        IReadOnlyList<(string File, string Name)> sources, CancellationToken cancellationToken)
    {
        using StoreAddition addition = new(_writer, optimise: false);
        List<(ValidPathInfo Info, ReceivedTree Tree)> paths = [.. sources.Select(source => Copy(source.File, source.Name, addition, cancellationToken))];
        using TempRoots roots = new(_layout.StateDirectory, _directory);
        using TempRootsFile root = await roots.CreateFileAsync(cancellationToken);
        foreach ((ValidPathInfo info, _) in paths)
        {
            await root.AddAsync(info.Path, cancellationToken);
        }

        await addition.PublishAsync(paths, repair: false, cancellationToken);
        return [.. paths.Select(path => path.Info.Path)];
    }

    public void Dispose()
    {
        _writer.Dispose();
        _registry.Dispose();
        _changes.Dispose();
        _database.Dispose();
    }

    private (ValidPathInfo Info, ReceivedTree Tree) Copy(string file, string name, StoreAddition addition, CancellationToken cancellationToken)
    {
        if (name.EndsWith(".drv", StringComparison.Ordinal))
        {
            // Nix treats every valid path with such a name as a derivation and registers its outputs.
            throw new FormatException($"'{file}' cannot be added under the name '{name}': names that end in '.drv' are for derivations.");
        }

        using NarTreeReader source = new(Encoding.UTF8.GetBytes(file));
        using NarReceiver receiver = addition.BeginNar();
        byte[] block = new byte[BlockSize];
        int length;
        while ((length = source.Read(block)) > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _ = receiver.Consume(block.AsSpan(0, length));
        }

        ReceivedTree tree = receiver.Finish();
        ContentAddress address = new(ContentAddressMethod.Nar, tree.NarHash.ToHash());
        return (ContentAddressedPath.Of(_directory, name, address, [], tree), tree);
    }
}
