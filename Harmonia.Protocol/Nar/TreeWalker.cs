using Harmonia.Protocol.Interop;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Protocol.Nar;

/// <summary>
/// Visits a tree in the order of its NAR, a directory before its entries. It opens everything relative to the parent directory and
/// follows no symbolic link. Depth needs no thread stack and, beyond <see cref="MaxOpenDirectories"/>, no open files. The owner disposes
/// it.
/// </summary>
internal sealed class TreeWalker : IDisposable
{
    /// <summary>
    /// Directories further up are closed, and opened again as <c>..</c> of their child on the way back. Trees of this depth are rare. A
    /// thousand walks at a time stay far below systemd's usual hard limit of 524,288 open files.
    /// </summary>
    public const int MaxOpenDirectories = 16;


    private readonly byte[] _root;
    private readonly DirectoryNames _names = new();
    private TreeLevel[] _levels = new TreeLevel[4];
    private DirectoryName _current;
    private bool _isStarted;
    private bool _isBeforeDirectory;

    /// <summary>Reads the status of the root only.</summary>
    /// <exception cref="FileNotFoundException">There is nothing at this path.</exception>
    public TreeWalker(ReadOnlySpan<byte> rootPath)
    {
        _root = TreePath.Root(rootPath);
        int result = LibcFiles.Status(LibcFiles.CurrentDirectory, _root, out FileStatus status);
        if (result < 0)
            throw TreePath.RootFailure("statx", -result, _root);
        Kind = KindOf(status.Type);
    }

    /// <summary>The number of directories that the current entry is in; 0 for the root.</summary>
    public int Depth { get; private set; }

    public NarNodeKind Kind { get; private set; }

    /// <summary>Empty for the root; valid until <see cref="MoveNext"/>.</summary>
    public ReadOnlySpan<byte> Name => Depth == 0 ? default : TerminatedName[..^1];

    /// <summary>The directory in which <see cref="TerminatedName"/> is the current entry.</summary>
    private SafeFileHandle Parent => Depth == 0 ? LibcFiles.CurrentDirectory : _levels[Depth - 1].Handle!;

    private ReadOnlySpan<byte> TerminatedName => Depth == 0 ? _root : _names.Terminated(_current);

    /// <summary>Goes to the next entry; the first call goes to the root. False if there are no more.</summary>
    /// <exception cref="NarTreeException">The entry cannot be in a NAR, or the tree changed.</exception>
    /// <exception cref="SystemCallException">A directory cannot be read.</exception>
    public bool MoveNext()
    {
        if (!_isStarted)
        {
            _isBeforeDirectory = Kind == NarNodeKind.Directory;
            return _isStarted = true;
        }

        if (_isBeforeDirectory)
            Enter();
        while (Depth > 0)
        {
            ref TreeLevel level = ref _levels[Depth - 1];
            if (level.NextName < level.EndName)
            {
                Visit(_names[level.NextName++]);
                return true;
            }

            Leave();
        }

        return false;
    }

    /// <summary>The status of the current entry, a regular file according to <see cref="Kind"/>.</summary>
    public FileStatus FileStatus()
    {
        int result = LibcFiles.Status(Parent, TerminatedName, out FileStatus status);
        if (result < 0)
            throw TreePath.Failure("statx", -result, Path());
        return status.Type == FileType.Regular ? status : throw new NarTreeException(Path(), "is no longer a regular file");
    }

    /// <summary>Opens the current entry, a regular file according to <see cref="Kind"/>. The caller disposes it.</summary>
    public OpenFile OpenFile(out FileStatus status)
    {
        int result = Interop.OpenFile.Open(Parent, TerminatedName, out OpenFile file);
        if (result < 0)
            throw TreePath.Failure("openat", -result, Path());
        result = file.Status(out status);
        if (result == 0 && status.Type == FileType.Regular)
            return file;
        file.Dispose();
        throw result < 0 ? TreePath.Failure("statx", -result, Path()) : new NarTreeException(Path(), "is no longer a regular file");
    }

    /// <summary>
    /// Reads the target of the current entry, a symbolic link. The destination has room for one byte more than
    /// <see cref="NarLimits.TargetLength"/>.
    /// </summary>
    public int ReadTarget(Span<byte> destination)
    {
        int result = LibcFiles.ReadLink(Parent, TerminatedName, destination);
        if (result < 0)
            throw TreePath.Failure("readlinkat", -result, Path());
        return result <= NarLimits.TargetLength ? result : throw new NarTreeException(Path(), "has a target too long for a NAR");
    }

    /// <summary>The path of the current entry, beginning with the path of the root.</summary>
    public byte[] Path()
    {
        List<byte> path = new(_root[..^1]);
        for (int depth = 0; depth < Depth; depth++)
        {
            path.Add((byte)'/');
            path.AddRange(_names.Terminated(_names[_levels[depth].NextName - 1])[..^1]);
        }

        return [.. path];
    }

    public void Dispose()
    {
        foreach (TreeLevel level in _levels)
            level.Handle?.Dispose();
    }

    private void Visit(DirectoryName entry)
    {
        _current = entry;
        if (entry.Length > NarLimits.NameLength)
            throw new NarTreeException(Path(), $"has a name of {entry.Length} bytes; {NarLimits.NameLength} fit in a NAR");
        FileType type = entry.Type;
        if (type == FileType.Unknown)
        {
            int result = LibcFiles.Status(Parent, TerminatedName, out FileStatus status);
            type = result == 0 ? status.Type : throw TreePath.Failure("statx", -result, Path());
        }

        Kind = KindOf(type);
        _isBeforeDirectory = Kind == NarNodeKind.Directory;
    }

    private void Enter()
    {
        int result = LibcFiles.Open(Parent, TerminatedName, OpenFlags.Directory | OpenFlags.NoFollow);
        if (result < 0)
            throw TreePath.Failure("openat", -result, Path());
        SafeFileHandle handle = new(result, ownsHandle: true);
        if (Depth == _levels.Length)
            Array.Resize(ref _levels, Depth * 2);
        _levels[Depth] = new TreeLevel { Handle = handle, FirstName = _names.Count, FirstByte = _names.ByteCount };
        result = _names.Push(handle);
        if (result < 0)
            throw TreePath.Failure("getdents64", -result, Path());
        _levels[Depth].NextName = _levels[Depth].FirstName;
        _levels[Depth].EndName = _names.Count;
        if (Depth >= MaxOpenDirectories)
            Close(ref _levels[Depth - MaxOpenDirectories]);
        Depth++;
        _isBeforeDirectory = false;
    }

    private void Leave()
    {
        Depth--;
        ref TreeLevel level = ref _levels[Depth];
        if (Depth > 0 && _levels[Depth - 1].Handle is null)
            OpenAgain(ref _levels[Depth - 1], level.Handle!);
        level.Handle!.Dispose();
        level.Handle = null;
        _names.Pop(level.FirstName, level.FirstByte);
    }

    private void Close(ref TreeLevel level)
    {
        if (level.Handle is null)
            return;
        int result = LibcFiles.Status(level.Handle, out FileStatus status);
        if (result < 0)
            throw TreePath.Failure("statx", -result, Path());
        level.Identity = status.Identity;
        level.Handle.Dispose();
        level.Handle = null;
    }

    private void OpenAgain(ref TreeLevel level, SafeFileHandle child)
    {
        int result = LibcFiles.Open(child, "..\0"u8, OpenFlags.Directory | OpenFlags.NoFollow);
        if (result < 0)
            throw TreePath.Failure("openat", -result, Path());
        level.Handle = new SafeFileHandle(result, ownsHandle: true);
        result = LibcFiles.Status(level.Handle, out FileStatus status);
        if (result < 0)
            throw TreePath.Failure("statx", -result, Path());
        if (status.Identity != level.Identity)
            throw new NarTreeException(Path(), "was moved to another directory while the tree was read");
    }

    private NarNodeKind KindOf(FileType type) => type switch
    {
        FileType.Regular => NarNodeKind.Regular,
        FileType.SymbolicLink => NarNodeKind.Symlink,
        FileType.Directory => NarNodeKind.Directory,
        _ => throw new NarTreeException(Path(), $"is a {type}; a NAR has only regular files, directories and symbolic links"),
    };
}
