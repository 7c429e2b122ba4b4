using Harmonia.Protocol.Interop;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Protocol.Nar;

/// <summary>
/// Makes any part of the NAR of an indexed tree without reading what comes before it. Every file that it opens must still be a regular
/// file with the size in the index. It follows no symbolic link, and does not open empty files. It does not notice changes that only the
/// hash of the NAR shows: an executable bit, or other contents of the same size.
/// </summary>
/// <remarks>For one caller at a time, who disposes it. The index may be shared. The calls block.</remarks>
public sealed class NarIndexReader : IDisposable
{
    private readonly NarIndex _index;
    private readonly byte[] _root;
    private readonly IndexedDirectories _directories;
    private readonly FileContents _contents;
    private int _file;
    private bool _isDisposed;

    /// <summary>Reads the tree an index was made of, at the path it was made of.</summary>
    /// <exception cref="ArgumentException">The path is empty or has a NUL.</exception>
    public NarIndexReader(NarIndex index, ReadOnlySpan<byte> rootPath)
    {
        _index = index;
        _root = TreePath.Root(rootPath);
        _directories = new IndexedDirectories(index, _root);
        _contents = new FileContents(() => _index.Path(_root, _file));
    }

    /// <summary>The minimum length in bytes of contents that <see cref="TryGetFile"/> returns, so that <see cref="Read"/> stops.</summary>
    public long LargeFileLength { get; init; } = long.MaxValue;

    /// <summary>
    /// Fills <paramref name="destination"/> with the NAR from <paramref name="narOffset"/> on and returns the number of bytes. There are
    /// fewer at the end of the NAR, none after it, and fewer where <see cref="TryGetFile"/> returns the contents that follow. The rest of
    /// <paramref name="destination"/> may be overwritten too.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The offset is negative.</exception>
    /// <exception cref="NarTreeException">The tree no longer matches the index.</exception>
    /// <exception cref="SystemCallException">The operating system refused to read.</exception>
    public int Read(long narOffset, Span<byte> destination)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(narOffset);
        int written = 0;
        int entry = _index.Find(narOffset);
        while (narOffset + written < _index.NarSize && written < destination.Length)
        {
            ref readonly NarIndexNode node = ref _index.Node(entry);
            written += NarFrame.CopyHead(_index, node, narOffset + written, destination[written..]);
            if (narOffset < node.ContentStart && narOffset + written == node.ContentStart && IsLarge(node, node.ContentStart))
                break;
            written += ReadContents(entry, narOffset + written, destination[written..]);
            written += NarFrame.CopyRest(_index, entry, narOffset + written, destination[written..]);
            entry++;
        }

        return written;
    }

    /// <summary>
    /// Whether the NAR at this offset is the contents of a file with at least <see cref="LargeFileLength"/> bytes left. These can be sent
    /// without being copied through this process.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The offset is negative.</exception>
    /// <exception cref="NarTreeException">The tree no longer matches the index.</exception>
    /// <exception cref="SystemCallException">The operating system refused to open the file.</exception>
    public bool TryGetFile(long narOffset, out NarFileSegment segment)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(narOffset);
        int entry = _index.Find(narOffset);
        ref readonly NarIndexNode node = ref _index.Node(entry);
        segment = default;
        if (!IsLarge(node, narOffset))
            return false;
        long offset = narOffset - node.ContentStart;
        segment = new NarFileSegment(KeepOpen(entry), offset, node.ContentLength - offset);
        return true;
    }

    /// <summary>Closes what is open.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        _contents.Dispose();
        _directories.Dispose();
    }

    private bool IsLarge(in NarIndexNode node, long position) =>
        node.Kind == NarNodeKind.Regular
        && position >= node.ContentStart
        && position < node.ContentEnd
        && node.ContentEnd - position >= LargeFileLength;

    private int ReadContents(int entry, long position, Span<byte> destination)
    {
        ref readonly NarIndexNode node = ref _index.Node(entry);
        if (destination.IsEmpty || position >= node.ContentEnd)
            return 0;
        return node.Kind == NarNodeKind.Regular
            ? ReadFile(entry, position - node.ContentStart, node.ContentLength, destination)
            : NarFrame.CopyTarget(_index, node, position, destination);
    }

    private int ReadFile(int entry, long offset, long size, Span<byte> destination)
    {
        if (_contents.Kept is null || _file != entry)
        {
            if (size - offset > destination.Length)
            {
                KeepOpen(entry);
            }
            else
            {
                return ReadSmall(entry, offset, size, destination);
            }
        }

        int count = _contents.ReadKept(offset, size, destination);
        if (offset + count == size)
            _contents.Close();
        return count;
    }

    // Three calls for each file: reading shows the size, so statx, a fourth call, is made only if the size is wrong. With
    // 20,000 files of 1 KB this saves a seventh of the CPU time: 1.64 instead of 1.87 times what the walk for the index takes.
    private int ReadSmall(int entry, long offset, long size, Span<byte> destination)
    {
        using OpenFile file = Open(entry);
        try
        {
            return _contents.Read(file, offset, size, destination);
        }
        catch (IOException)
        {
            Check(file, _index.Node(entry));
            throw;
        }
    }

    private SafeFileHandle KeepOpen(int entry)
    {
        if (_contents.Kept is { } kept && _file == entry)
            return kept;
        OpenFile file = Open(entry);
        try
        {
            Check(file, _index.Node(entry));
            return _contents.Keep(ref file);
        }
        finally
        {
            file.Dispose();
        }
    }

    private OpenFile Open(int entry)
    {
        ref readonly NarIndexNode node = ref _index.Node(entry);
        SafeFileHandle directory = _directories.Open(node.Parent);
        _contents.Close();
        _file = entry;
        int result = OpenFile.Open(directory, entry == 0 ? _root : _index.TerminatedName(node), out OpenFile file);
        if (result < 0)
            throw TreePath.Failure("openat", -result, _index.Path(_root, entry));
        return file;
    }

    private void Check(in OpenFile file, in NarIndexNode node)
    {
        int result = file.Status(out FileStatus status);
        if (result < 0)
            throw TreePath.Failure("statx", -result, _index.Path(_root, _file));
        if (status.Type != FileType.Regular)
            throw new NarTreeException(_index.Path(_root, _file), "is no longer a regular file");
        if (status.Size != node.ContentLength)
            throw new NarTreeException(_index.Path(_root, _file), $"has {status.Size} bytes; the index says {node.ContentLength}");
    }
}
