using Harmonia.Protocol.Interop;
using Harmonia.Protocol.Primitives;

namespace Harmonia.Protocol.Nar;

/// <summary>Collects a <see cref="NarIndex"/> while a tree is walked.</summary>
internal sealed class NarIndexBuilder
{
    private NarIndexNode[] _nodes = new NarIndexNode[16];
    private byte[] _text = new byte[512];
    private int[] _ancestors = new int[16];
    private int _count;
    private int _textLength;
    private int _depth = -1;
    private long _position;

    /// <summary>Adds the current entry of the walker, whatever it is.</summary>
    public void Add(TreeWalker walker)
    {
        switch (walker.Kind)
        {
            case NarNodeKind.Regular:
                Add(walker, walker.FileStatus());
                break;
            case NarNodeKind.Symlink:
                NarIndexNode node = Begin(walker);
                node.SizeOrEnd = walker.ReadTarget(FreeText(NarLimits.TargetLength + 1));
                _textLength += (int)node.SizeOrEnd;
                End(node, walker);
                break;
            default:
                AddDirectory(walker);
                break;
        }
    }

    /// <summary>Adds the current entry of the walker: a regular file with this status.</summary>
    public void Add(TreeWalker walker, in FileStatus status)
    {
        NarIndexNode node = Begin(walker);
        (node.SizeOrEnd, node.IsExecutable) = (status.Size, status.IsOwnerExecutable);
        End(node, walker);
    }

    /// <summary>Adds the current entry of the walker: a symbolic link with this target.</summary>
    public void AddSymlink(TreeWalker walker, ReadOnlySpan<byte> target)
    {
        NarIndexNode node = Begin(walker);
        target.CopyTo(FreeText(target.Length));
        node.SizeOrEnd = target.Length;
        _textLength += target.Length;
        End(node, walker);
    }

    /// <summary>Adds the current entry of the walker: a directory.</summary>
    public void AddDirectory(TreeWalker walker) => End(Begin(walker), walker);

    /// <summary>The index of everything that was added. The builder cannot be used after this.</summary>
    public NarIndex Finish()
    {
        CloseDownTo(0);
        return new NarIndex(_nodes[.._count], _text[.._textLength], _position + NarSyntax.ClosesAtEnd(_depth));
    }

    private NarIndexNode Begin(TreeWalker walker)
    {
        CloseDownTo(walker.Depth);
        _position += NarSyntax.ClosesBetween(_depth, walker.Depth);
        _depth = walker.Depth;
        NarIndexNode node = new()
        {
            Start = _position,
            Text = _textLength,
            Parent = _depth == 0 ? -1 : _ancestors[_depth - 1],
            NameLength = (byte)walker.Name.Length,
            Kind = walker.Kind,
        };
        AddName(walker.Name);
        return node;
    }

    private void End(NarIndexNode node, TreeWalker walker)
    {
        if (_count == _nodes.Length)
            Array.Resize(ref _nodes, _count * 2);
        if (_depth == _ancestors.Length)
            Array.Resize(ref _ancestors, _depth * 2);
        _ancestors[_depth] = _count;
        _nodes[_count++] = node;

        // Sparse files can have any size. The rest of an Int64 is enough for heads and parentheses.
        const long Largest = long.MaxValue / 2;
        if (node.ContentLength > Largest - _position)
            throw new NarTreeException(walker.Path(), $"makes the NAR longer than {Largest} bytes");
        _position += node.HeadLength + node.ContentLength + Padding.Of(node.ContentLength);
    }

    /// <summary>Records the end of the directories that the next entry, at <paramref name="depth"/>, is no longer in.</summary>
    private void CloseDownTo(int depth)
    {
        for (int level = depth; level <= _depth; level++)
        {
            ref NarIndexNode node = ref _nodes[_ancestors[level]];
            if (node.Kind == NarNodeKind.Directory)
                node.SizeOrEnd = _count;
        }
    }

    private void AddName(ReadOnlySpan<byte> name)
    {
        Span<byte> free = FreeText(name.Length + 1);
        name.CopyTo(free);
        free[name.Length] = 0;
        _textLength += name.Length + 1;
    }

    private Span<byte> FreeText(int length)
    {
        if (_text.Length - _textLength < length)
            Array.Resize(ref _text, checked(Math.Max(_text.Length * 2, _textLength + length)));
        return _text.AsSpan(_textLength);
    }
}
