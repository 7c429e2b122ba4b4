using Harmonia.Daemon.Database;
using Harmonia.Daemon.Interop;
using Harmonia.Protocol.Nar;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Daemon.Adding;

/// <summary>
/// Unpacks a NAR into a directory with the metadata of store objects: read-only, executable for all or for none, modified one second after
/// the epoch. If the root is a directory, the caller sets its permissions, because it has to be moved first.
/// Nix: src/libutil/fs-sink.cc, RestoreSink; src/libstore/posix-fs-canonicalise.cc, canonicaliseTimestampAndPermissions.
/// </summary>
/// <remarks>Entries are created relative to their open directory and never replace anything, so no symlink is followed.</remarks>
internal sealed class StoreTreeWriter : INarVisitor, IDisposable
{
    /// <summary>The modification time of everything in a store, in Unix seconds.</summary>
    public const int Modified = 1;

    /// <summary>Permissions 0555: a directory, or an executable file.</summary>
    public const uint ExecutableMode = 0b101_101_101;

    private const uint PlainMode = 0b100_100_100;
    private const uint UnfinishedMode = 0b111_000_000;

    private readonly DirectoryHandle _parent;
    private readonly byte[] _rootName;
    private readonly ContentHasher? _contents;
    private readonly Stack<(DirectoryHandle Handle, byte[] Name)> _directories = new();
    private SafeFileHandle? _file;
    private byte[] _fileName = [];
    private long _written;

    /// <summary>Prepares to unpack.</summary>
    /// <param name="parent">The directory to unpack into; the caller disposes it.</param>
    /// <param name="rootName">The name of the root there.</param>
    /// <param name="contents">Hashes the contents of the root, which must be a file then; null to unpack any tree.</param>
    public StoreTreeWriter(DirectoryHandle parent, ReadOnlySpan<byte> rootName, ContentHasher? contents = null)
    {
        _parent = parent;
        _rootName = rootName.ToArray();
        _contents = contents;
    }

    private DirectoryHandle Current => _directories.TryPeek(out (DirectoryHandle Handle, byte[] Name) top) ? top.Handle : _parent;

    /// <summary>Whether the root is a directory, whose permissions the caller sets.</summary>
    public bool IsDirectory { get; private set; }

    public void BeginDirectory(ReadOnlySpan<byte> name)
    {
        RequireAnyTree();
        IsDirectory |= _directories.Count == 0;
        byte[] entry = NameOf(name);
        Current.CreateDirectory(entry, UnfinishedMode);
        _directories.Push((Current.OpenDirectory(entry), entry));
    }

    public void EndDirectory()
    {
        (DirectoryHandle handle, byte[] name) = _directories.Pop();
        using (handle)
        {
            if (_directories.Count > 0)
            {
                handle.ChangeMode(ExecutableMode);
            }
        }

        Current.SetModified(name, Modified);
    }

    public void BeginFile(ReadOnlySpan<byte> name, long size, bool isExecutable)
    {
        _fileName = NameOf(name);
        _written = 0;

        // The handle can be written to, whatever the permissions are.
        _file = Current.CreateFile(_fileName, isExecutable ? ExecutableMode : PlainMode);
    }

    public void Contents(ReadOnlySpan<byte> data)
    {
        _contents?.Append(data);
        RandomAccess.Write(_file!, data, _written);
        _written += data.Length;
    }

    public void EndFile()
    {
        _file!.Dispose();
        _file = null;
        Current.SetModified(_fileName, Modified);
    }

    public void Symlink(ReadOnlySpan<byte> name, ReadOnlySpan<byte> target)
    {
        RequireAnyTree();
        byte[] entry = NameOf(name);
        Current.CreateSymlink(entry, target);
        Current.SetModified(entry, Modified);
    }

    /// <summary>Closes what an interrupted unpacking left open.</summary>
    public void Dispose()
    {
        _file?.Dispose();
        while (_directories.TryPop(out (DirectoryHandle Handle, byte[] Name) directory))
        {
            directory.Handle.Dispose();
        }
    }

    private void RequireAnyTree()
    {
        if (_contents is not null)
        {
            throw new RefusedException("regular file expected: only the contents of one can be hashed");
        }
    }

    private byte[] NameOf(ReadOnlySpan<byte> name) => name.IsEmpty ? _rootName : name.ToArray();
}
