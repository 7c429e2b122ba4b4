using Harmonia.Protocol.Nar;

namespace Harmonia.Cache.Catalog;

/// <summary>
/// The current position of a <see cref="StoreWalk"/>: the names from the store directory down, of which only the last may be a symbolic
/// link, and the open node there. One directory is open at a time, at any depth.
/// </summary>
internal sealed class StorePosition : IDisposable
{
    private readonly byte[] _store;
    private readonly List<ReadOnlyMemory<byte>> _names = [];
    private TreeNode? _node;

    public StorePosition(ReadOnlySpan<byte> store)
    {
        _store = store.ToArray();
        _node = TreeNode.Directory.Open(store);
    }

    public IReadOnlyList<ReadOnlyMemory<byte>> Names => _names;

    public bool IsStoreDirectory => _names.Count == 0;

    /// <summary>The target, if this is a symbolic link.</summary>
    public ReadOnlyMemory<byte>? LinkTarget => (_node as TreeNode.Symlink)?.Target;

    /// <summary>Moves to an entry; false if there is none.</summary>
    public bool Enter(ReadOnlyMemory<byte> name)
    {
        if (_node is not TreeNode.Directory directory)
            return false;
        TreeNode? entry = directory.Contents.Find(name.Span);
        Replace(entry);
        _names.Add(name);
        return entry is not null;
    }

    /// <summary>Moves to the parent directory; false in the store directory, which has no way out.</summary>
    public bool Leave()
    {
        if (IsStoreDirectory)
            return false;
        List<ReadOnlyMemory<byte>> names = _names[..^1];
        Restart();
        return names.TrueForAll(Enter);
    }

    /// <summary>Moves to the store directory.</summary>
    public void Restart()
    {
        Replace(TreeNode.Directory.Open(_store));
        _names.Clear();
    }

    /// <summary>Hands over the open node; the position must not be used afterwards.</summary>
    public TreeNode Take()
    {
        TreeNode node = _node ?? throw new InvalidOperationException("The position has no node.");
        _node = null;
        return node;
    }

    public void Dispose() => _node?.Dispose();

    private void Replace(TreeNode? node)
    {
        _node?.Dispose();
        _node = node;
    }
}
