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

    /// <summary>Whether it is a regular file that its owner may execute.</summary>
    public bool IsExecutable => _node.IsExecutable;

    /// <summary>The name in its directory, as the bytes on disk, which need not be UTF-8. Empty for the root.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>The target of a symbolic link, as bytes; empty for everything else.</summary>
    public ReadOnlySpan<byte> Target { get; }

    /// <summary>The length of a regular file's contents or of a symbolic link's target in bytes; 0 for a directory.</summary>
    public long Size => _node.ContentLength;

    /// <summary>
    /// The offset of the first byte of the contents in the NAR: <c>narOffset</c> in Nix's listings, which have it for regular files only.
    /// </summary>
    public long NarOffset => _node.ContentStart;

    /// <summary>The index of the directory it is in; -1 for the root.</summary>
    public int Parent => _node.Parent;

    /// <summary>
    /// The index after its last descendant: the next sibling, if there is one. The first entry of a directory that is not empty has the
    /// index after the directory's own.
    /// </summary>
    public int End => Kind == NarNodeKind.Directory ? (int)_node.SizeOrEnd : _index + 1;
}
