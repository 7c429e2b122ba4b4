namespace Harmonia.Protocol.Nar;

/// <summary>A view of one entry of a <see cref="NarIndex"/>.</summary>
public readonly ref struct NarIndexEntry
{
    private readonly NarIndexNode _node;
    private readonly int _index;

    internal NarIndexEntry(NarIndex index, int position)
    {
        _node = index.Node(position);
        _index = position;
        Name = index.Name(_node);
        Target = index.Target(_node);
    }

    /// <summary>What it is.</summary>
    public NarNodeKind Kind => _node.Kind;

    /// <summary>Whether it is a regular file its owner may execute.</summary>
    public bool IsExecutable => _node.IsExecutable;

    /// <summary>The name in its directory, as the bytes it has on disk: not necessarily UTF-8. Empty for the root.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>The target of a symbolic link, as bytes; empty for everything else.</summary>
    public ReadOnlySpan<byte> Target { get; }

    /// <summary>The length of a regular file's contents or of a symbolic link's target in bytes; 0 for a directory.</summary>
    public long Size => _node.ContentLength;

    /// <summary>
    /// Where the first byte of the contents lies in the NAR: <c>narOffset</c> in Nix's listings (there for regular files only).
    /// </summary>
    public long NarOffset => _node.ContentStart;

    /// <summary>The index of the directory it is in; -1 for the root.</summary>
    public int Parent => _node.Parent;

    /// <summary>
    /// The index after its last descendant, which is its next sibling if it has one. A directory's first entry, if this is not
    /// it already, has the next index after the directory's own.
    /// </summary>
    public int End => Kind == NarNodeKind.Directory ? (int)_node.SizeOrEnd : _index + 1;
}
