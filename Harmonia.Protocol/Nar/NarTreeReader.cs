using Harmonia.Protocol.Interop;
using Harmonia.Protocol.Primitives;

namespace Harmonia.Protocol.Nar;

/// <summary>
/// Makes the NAR of a tree while walking it once, at the reader's pace; the same bytes as <c>nix-store --dump</c>
/// (Nix: src/libutil/archive.cc, SourceAccessor::dumpPath), but of any depth. Needs the memory of the names in the directories
/// it is in, and no more.
/// </summary>
/// <remarks>
/// For one reader at a time, who disposes it. The calls block; choose their thread. A case hack suffix is an ordinary part of a
/// name, as in Nix on Linux.
/// </remarks>
public sealed class NarTreeReader : IDisposable
{
    private readonly TreeWalker _walker;
    private readonly FileContents _contents;
    private readonly NarIndexBuilder? _index;

    // What is to be given before the walk goes on, in this order: closing parentheses of the entries before, the head of this
    // one (with the target, of a symbolic link), contents, padding.
    private readonly byte[] _head = new byte[NarSyntax.MaxHeadLength + NarLimits.TargetLength + 1];
    private long _closesLeft;
    private int _headPosition;
    private int _headLength;
    private long _contentPosition;
    private long _contentSize;
    private int _paddingLeft;

    private int _depth = -1;
    private bool _isAtEnd;
    private bool _isDisposed;

    /// <summary>Begins at a path of raw bytes, which may be any file a NAR can hold.</summary>
    /// <exception cref="ArgumentException">The path is empty or has a NUL.</exception>
    /// <exception cref="FileNotFoundException">There is nothing at this path.</exception>
    /// <exception cref="NarTreeException">It is a socket, a device or a FIFO.</exception>
    /// <exception cref="SystemCallException">The operating system refused to look there.</exception>
    public NarTreeReader(ReadOnlySpan<byte> rootPath)
    {
        _walker = new TreeWalker(rootPath);
        _contents = new FileContents(_walker.Path);
    }

    private NarTreeReader(ReadOnlySpan<byte> rootPath, NarIndexBuilder index)
        : this(rootPath) => _index = index;

    /// <summary>
    /// Begins as the constructor does, and makes the index on the way (<see cref="FinishIndex"/>): one walk and one open a file for both,
    /// where an index and a reader of it need two.
    /// </summary>
    /// <inheritdoc cref="NarTreeReader(ReadOnlySpan{byte})"/>
    public static NarTreeReader WithIndex(ReadOnlySpan<byte> rootPath) => new(rootPath, new NarIndexBuilder());

    /// <summary>
    /// Fills <paramref name="destination"/> with the next bytes of the NAR; returns how many, fewer only at the end, and 0 after
    /// it. What lies behind them in <paramref name="destination"/> may be overwritten too.
    /// </summary>
    /// <exception cref="NarTreeException">The tree holds what a NAR cannot, or changed. The reader is of no more use.</exception>
    /// <exception cref="SystemCallException">The operating system refused to read. The reader is of no more use.</exception>
    public int Read(Span<byte> destination)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (destination.IsEmpty)
            throw new ArgumentException("0 would say that the NAR ended.", nameof(destination));
        try
        {
            int written = 0;
            while (written < destination.Length)
            {
                if (HasPending)
                    written += ReadPending(destination[written..]);
                else if (_isAtEnd)
                    break;
                else
                    written += Advance(destination[written..]);
            }

            return written;
        }
        catch
        {
            // Whoever reads on after a failure must not get a NAR with a hole.
            Dispose();
            throw;
        }
    }

    /// <summary>The index of the tree that was read, once, after <see cref="Read"/> has given the end.</summary>
    /// <exception cref="InvalidOperationException">There is more to read, or the reader makes no index.</exception>
    public NarIndex FinishIndex() => _index is not null && _isAtEnd && !HasPending
        ? _index.Finish()
        : throw new InvalidOperationException("There is an index only of a NAR that was read to its end for one.");

    /// <summary>Closes what is open.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        _contents.Dispose();
        _walker.Dispose();
    }

    private bool HasPending =>
        _closesLeft > 0 || _headPosition < _headLength || _contentPosition < _contentSize || _paddingLeft > 0;

    private int ReadPending(Span<byte> destination)
    {
        int written = CopyBeforeContents(destination);
        if (_contentPosition < _contentSize && written < destination.Length)
        {
            int count = _contents.ReadKept(_contentPosition, _contentSize, destination[written..]);
            written += count;
            _contentPosition += count;
            if (_contentPosition == _contentSize)
                _contents.Close();
        }

        return written + CopyPadding(destination[written..]);
    }

    private int CopyBeforeContents(Span<byte> destination)
    {
        int written = NarSyntax.WriteCloses(destination, _closesLeft);
        _closesLeft -= written;
        int count = Math.Min(_headLength - _headPosition, destination.Length - written);
        _head.AsSpan(_headPosition, count).CopyTo(destination[written..]);
        _headPosition += count;
        return written + count;
    }

    private int CopyPadding(Span<byte> destination)
    {
        if (_contentPosition < _contentSize)
            return 0;
        int count = Math.Min(_paddingLeft, destination.Length);
        destination[..count].Clear();
        _paddingLeft -= count;
        return count;
    }

    /// <summary>Goes to the next entry and prepares it; returns how many bytes it wrote already.</summary>
    private int Advance(Span<byte> destination)
    {
        _isAtEnd = !_walker.MoveNext();
        if (_isAtEnd)
        {
            _closesLeft = NarSyntax.ClosesAtEnd(_depth);
            return 0;
        }

        _closesLeft = NarSyntax.ClosesBetween(_depth, _walker.Depth);
        _depth = _walker.Depth;
        switch (_walker.Kind)
        {
            case NarNodeKind.Regular:
                return BeginFile(destination);
            case NarNodeKind.Symlink:
                BeginSymlink();
                return 0;
            default:
                _index?.AddDirectory(_walker);
                Begin(isExecutable: false, size: 0);
                return 0;
        }
    }

    private void BeginSymlink()
    {
        int start = NarSyntax.HeadLength(_walker.Name.Length, NarNodeKind.Symlink, isExecutable: false);
        int length = _walker.ReadTarget(_head.AsSpan(start));
        _index?.AddSymlink(_walker, _head.AsSpan(start, length));
        Begin(isExecutable: false, length);
        _headLength += length;
        _contentSize = 0;
    }

    private int BeginFile(Span<byte> destination)
    {
        OpenFile file = _walker.OpenFile(out FileStatus status);
        try
        {
            _index?.Add(_walker, status);
            Begin(status.IsOwnerExecutable, status.Size);
            if (_closesLeft + _headLength + _contentSize > destination.Length)
            {
                if (_contentSize > 0)
                    _contents.Keep(ref file);
                return 0;
            }

            // The usual small file: opened, read straight into the reader's memory and closed within this call.
            int written = CopyBeforeContents(destination);
            written += _contents.Read(file, 0, _contentSize, destination[written..]);
            _contentPosition = _contentSize;
            return written;
        }
        finally
        {
            file.Dispose();
        }
    }

    private void Begin(bool isExecutable, long size)
    {
        _headPosition = 0;
        _headLength = NarSyntax.WriteHead(_head, _walker.Name, _walker.Kind, isExecutable, size);
        _contentPosition = 0;
        _contentSize = size;
        _paddingLeft = Padding.Of(size);
    }
}
