using Harmonia.Protocol.Interop;

namespace Harmonia.Protocol.Nar;

/// <summary>
/// Makes small parts of the NAR of an indexed tree out of what the kernel has in memory, without waiting for a disk. It checks what
/// <see cref="NarIndexReader"/> checks, and that no file changes while it is read. Thread-safe.
/// </summary>
public sealed class PageCacheNar
{
    // A part of more files would keep other clients of the thread waiting: each takes some four microseconds.
    private const int MaxFiles = 16;

    private const int MaxPathLength = 1024;

    private volatile bool _isUnsupported;

    /// <summary>Whether this system or its file system can't tell what is in memory, as far as that has shown.</summary>
    public bool IsUnsupported => _isUnsupported;

    /// <summary>
    /// Fills <paramref name="destination"/> with the NAR from an offset on. False if a disk is needed, if the tree is no longer as the index
    /// says, or if it has too many files there; what is written then means nothing.
    /// </summary>
    /// <param name="index">The index of the tree.</param>
    /// <param name="identity">The root's when the index was made.</param>
    /// <param name="rootPath">Where the tree is, as raw bytes.</param>
    /// <param name="offset">Where the part begins. The part ends with the NAR or before.</param>
    /// <param name="destination">As long as the part.</param>
    /// <exception cref="ArgumentException">The path is empty or has a NUL.</exception>
    public bool TryRead(NarIndex index, in TreeIdentity identity, ReadOnlySpan<byte> rootPath, long offset, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(destination.Length, index.NarSize - offset, nameof(destination));
        if (_isUnsupported)
            return false;
        bool isFile = index.Node(0).Kind == NarNodeKind.Regular;
        if (!Succeeds(PageCacheFile.OpenRoot(TreePath.Root(rootPath), isFile, out PageCacheFile root)))
            return false;
        using (root)
        {
            return root.Status(out FileStatus status) == 0 && TreeIdentity.Of(status) == identity && TryRead(index, root, offset, destination);
        }
    }

    private bool TryRead(NarIndex index, in PageCacheFile root, long offset, Span<byte> destination)
    {
        int written = 0;
        int files = 0;
        for (int entry = index.Find(offset); written < destination.Length; entry++)
        {
            ref readonly NarIndexNode node = ref index.Node(entry);
            written += NarFrame.CopyHead(index, node, offset + written, destination[written..]);
            long position = offset + written;
            Span<byte> rest = destination[written..];
            if (position < node.ContentEnd && !rest.IsEmpty)
            {
                if (node.Kind != NarNodeKind.Regular)
                {
                    written += NarFrame.CopyTarget(index, node, position, rest);
                }
                else
                {
                    Span<byte> contents = rest[..(int)Math.Min(rest.Length, node.ContentEnd - position)];
                    if (++files > MaxFiles || !TryReadFile(index, root, entry, position - node.ContentStart, contents))
                        return false;
                    written += contents.Length;
                }
            }

            written += NarFrame.CopyRest(index, entry, offset + written, destination[written..]);
        }

        return true;
    }

    private bool TryReadFile(NarIndex index, in PageCacheFile root, int entry, long offset, Span<byte> contents)
    {
        if (entry == 0)
            return TryReadFile(root, index.Node(entry), offset, contents);
        Span<byte> room = stackalloc byte[MaxPathLength];
        ReadOnlySpan<byte> path = PathBelowRoot(index, entry, room);
        if (path.IsEmpty || !Succeeds(root.OpenBelow(path, out PageCacheFile file)))
            return false;
        using (file)
        {
            return TryReadFile(file, index.Node(entry), offset, contents);
        }
    }

    private bool TryReadFile(in PageCacheFile file, in NarIndexNode node, long offset, Span<byte> contents)
    {
        if (file.Status(out FileStatus before) < 0 || before.Type != FileType.Regular || before.Size != node.ContentLength)
            return false;
        int read = file.Read(offset, contents);
        return Succeeds(Math.Min(read, 0)) && read == contents.Length && file.Status(out FileStatus after) == 0 && after == before;
    }

    // With a NUL; empty if there is no room for it. It is written from its end.
    private static ReadOnlySpan<byte> PathBelowRoot(NarIndex index, int entry, Span<byte> room)
    {
        int start = room.Length;
        byte separator = 0;
        for (; entry > 0; entry = index.Node(entry).Parent)
        {
            ReadOnlySpan<byte> name = index.Name(index.Node(entry));
            if (name.Length + 1 > start)
                return default;
            room[--start] = separator;
            separator = (byte)'/';
            start -= name.Length;
            name.CopyTo(room[start..]);
        }

        return room[start..];
    }

    // An old kernel, or a filter of system calls; a file system that can't read without waiting.
    private bool Succeeds(int result)
    {
        if (result is -Errno.NotImplemented or -Errno.InvalidArgument or -Errno.NotPermitted or -Errno.NotSupported)
            _isUnsupported = true;
        return result == 0;
    }
}
