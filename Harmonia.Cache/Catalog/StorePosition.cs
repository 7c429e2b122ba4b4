using Harmonia.Protocol.Nar;

namespace Harmonia.Cache.Catalog;

/// <summary>
/// Where a <see cref="StoreWalk"/> is: the names from the store directory down, no symbolic link among them but perhaps the last, and
/// what they name, open. One directory is open at a time, however deep it is.
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

    /// <summary>Goes to an entry; false when there is none.</summary>
    public bool Enter(ReadOnlyMemory<byte> name)
    {
        if (_node is not TreeNode.Directory directory)
            return false;
        TreeNode? entry = directory.Contents.Find(name.Span);
        Replace(entry);
        _names.Add(name);
        return entry is not null;
    }

    /// <summary>Goes to the directory this is in; false in the store directory, which nothing leads out of.</summary>
    public bool Leave()
    {
        if (IsStoreDirectory)
            return false;
        List<ReadOnlyMemory<byte>> names = _names[..^1];
        Restart();
        return names.TrueForAll(Enter);
    }

    /// <summary>Goes back to the store directory.</summary>
    public void Restart()
    {
        Replace(TreeNode.Directory.Open(_store));
        _names.Clear();
    }

    /// <summary>Hands over what is here; the position is good for nothing any more.</summary>
    public TreeNode Take()
    {
        TreeNode node = _node ?? throw new InvalidOperationException("There is nothing here.");
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
