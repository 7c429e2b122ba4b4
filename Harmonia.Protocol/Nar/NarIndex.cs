using System.Runtime.CompilerServices;
using Harmonia.Protocol.Interop;

namespace Harmonia.Protocol.Nar;

/// <summary>
/// The layout of the NAR of a tree. One walk that reads no contents makes it. It is immutable, and small enough to keep: about 40 bytes
/// for an entry, and its name. <see cref="NarIndexReader"/> makes the NAR from it, from any offset on.
/// </summary>
/// <remarks>Entries are in the order of the NAR: the root is entry 0, and a directory comes before its contents.</remarks>
public sealed class NarIndex
{
    private readonly NarIndexNode[] _nodes;
    private readonly byte[] _text;

    internal NarIndex(NarIndexNode[] nodes, byte[] text, long narSize)
    {
        (_nodes, _text, NarSize) = (nodes, text, narSize);
        foreach (ref readonly NarIndexNode node in nodes.AsSpan())
        {
            if (node.Kind == NarNodeKind.Regular)
                LargestFile = Math.Max(LargestFile, node.ContentLength);
        }
    }

    /// <summary>The length of the whole NAR in bytes.</summary>
    public long NarSize { get; }

    /// <summary>The length of the longest file's contents in bytes; 0 when there is no file.</summary>
    public long LargestFile { get; }

    /// <summary>The number of entries, including the root.</summary>
    public int Count => _nodes.Length;

    /// <summary>The memory that the index takes, in bytes.</summary>
    public long EstimatedBytes => 128L + ((long)_nodes.Length * Unsafe.SizeOf<NarIndexNode>()) + _text.Length;

    /// <summary>The entry at an index from 0 to <see cref="Count"/> - 1.</summary>
    public NarIndexEntry this[int index] => new(this, index);

    /// <summary>Walks a tree, given by a path of raw bytes. Blocks.</summary>
    /// <exception cref="ArgumentException">The path is empty or has a NUL.</exception>
    /// <exception cref="FileNotFoundException">There is nothing at this path.</exception>
    /// <exception cref="NarTreeException">The tree contains something that a NAR cannot contain, or it changed during the walk.</exception>
    /// <exception cref="SystemCallException">The operating system refused to look there.</exception>
    public static NarIndex Build(ReadOnlySpan<byte> rootPath, CancellationToken cancellationToken)
    {
        using TreeWalker walker = new(rootPath);
        NarIndexBuilder builder = new();
        while (walker.MoveNext())
        {
            cancellationToken.ThrowIfCancellationRequested();
            builder.Add(walker);
        }

        return builder.Finish();
    }

    /// <summary>Whether this many bytes of the NAR, from an offset on, are the contents of one file.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The offset is negative.</exception>
    public bool IsWithinFile(long narOffset, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(narOffset);
        ref readonly NarIndexNode node = ref _nodes[Find(narOffset)];
        return node.Kind == NarNodeKind.Regular && narOffset >= node.ContentStart && length <= node.ContentEnd - narOffset;
    }

    /// <summary>The entry at a NAR offset: the offset is in its head, its contents or the parentheses after it.</summary>
    internal int Find(long narOffset)
    {
        int low = 0;
        int high = _nodes.Length - 1;
        while (low < high)
        {
            int middle = (int)(((uint)low + (uint)high + 1) / 2);
            if (_nodes[middle].Start <= narOffset)
                low = middle;
            else
                high = middle - 1;
        }

        return low;
    }

    internal ref readonly NarIndexNode Node(int index) => ref _nodes[index];

    /// <summary>The offset at which the next entry begins or the NAR ends.</summary>
    internal long EndOf(int index) => index + 1 < _nodes.Length ? _nodes[index + 1].Start : NarSize;

    internal ReadOnlySpan<byte> TerminatedName(scoped in NarIndexNode node) => _text.AsSpan(node.Text, node.NameLength + 1);

    internal ReadOnlySpan<byte> Name(scoped in NarIndexNode node) => _text.AsSpan(node.Text, node.NameLength);

    internal ReadOnlySpan<byte> Target(scoped in NarIndexNode node) =>
        node.Kind == NarNodeKind.Symlink ? _text.AsSpan(node.Text + node.NameLength + 1, (int)node.SizeOrEnd) : default;

    /// <summary>The path of an entry below a root, for messages.</summary>
    internal byte[] Path(byte[] terminatedRoot, int index)
    {
        Stack<int> names = new();
        for (; index > 0; index = _nodes[index].Parent)
            names.Push(index);
        List<byte> path = new(terminatedRoot[..^1]);
        foreach (int name in names)
        {
            path.Add((byte)'/');
            path.AddRange(Name(_nodes[name]));
        }

        return [.. path];
    }
}
