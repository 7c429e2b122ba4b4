using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Harmonia.Protocol.Interop;
using Harmonia.Protocol.Primitives;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Daemon.Interop;

/// <summary>
/// An open directory. Its methods work on its entries, whose names are bytes, and never follow symbolic links. Dispose closes it.
/// </summary>
internal sealed unsafe class DirectoryHandle : IDisposable
{
    // struct linux_dirent64 of getdents64(2): after two words come the record's length, the kind, and the name with a zero.
    private const int RecordLengthOffset = 16;
    private const int NameOffset = 19;
    private const int ListingBufferSize = 32 << 10;

    private DirectoryHandle(SafeFileHandle handle, string path) => (Handle, Path) = (handle, path);

    public SafeFileHandle Handle { get; }

    /// <summary>The directory's path, for messages.</summary>
    public string Path { get; }

    /// <exception cref="SystemCallException">It does not exist, is not a directory, or may not be read.</exception>
    public static DirectoryHandle Open(string path) => Open(LibcFiles.CurrentDirectory, Encoding.UTF8.GetBytes(path), 0, path);

    /// <summary>The directory at an absolute path; null if there is none that this user may see.</summary>
    /// <exception cref="SystemCallException">It cannot be opened for another reason.</exception>
    public static DirectoryHandle? Find(ReadOnlySpan<byte> path) => Find(LibcFiles.CurrentDirectory, path, PrintableBytes.Of(path));

    /// <summary>The directory with this name; null if there is none that this user may see.</summary>
    /// <exception cref="SystemCallException">It cannot be opened for another reason.</exception>
    public DirectoryHandle? FindDirectory(ReadOnlySpan<byte> name) => Find(Handle, name, Describe(name));

    /// <summary>The contents of the file with this name; null if there is none that this user may see.</summary>
    /// <exception cref="SystemCallException">It cannot be opened for another reason.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public byte[]? FindFile(ReadOnlySpan<byte> name)
    {
        using SafeFileHandle file = OpenAt(Handle, name, OpenFlags.ReadOnly, 0, out int error);
        if (error != 0)
        {
            return Errno.IsInvisible(error) ? null : throw new SystemCallException("open", error, Describe(name));
        }

        byte[] contents = new byte[ListingBufferSize];
        int length = 0;
        int read;
        while ((read = RandomAccess.Read(file, contents.AsSpan(length), length)) > 0)
        {
            length += read;
            if (length == contents.Length)
            {
                Array.Resize(ref contents, 2 * length);
            }
        }

        return contents[..length];
    }

    /// <summary>The target of the symbolic link with this name; null if there is none that this user may see.</summary>
    /// <exception cref="SystemCallException">It cannot be read for another reason.</exception>
    public byte[]? FindLink(ReadOnlySpan<byte> name) => SymbolicLink.Find(Handle, name, Path);

    /// <summary>The status of the entry with this name; null if it does not exist.</summary>
    /// <exception cref="SystemCallException">The status cannot be read.</exception>
    public FileStatus? FindStatus(ReadOnlySpan<byte> name) => FileStatus.FindEntry(Handle, name);

    public DirectoryHandle OpenDirectory(ReadOnlySpan<byte> name) => Open(Handle, name, OpenFlags.NoFollow, Describe(name));

    /// <summary>The directory that this one is in.</summary>
    /// <exception cref="SystemCallException">It cannot be opened.</exception>
    public DirectoryHandle OpenParent() => Open(Handle, ".."u8, OpenFlags.NoFollow, Path[..Math.Max(Path.LastIndexOf('/'), 0)]);

    public void CreateDirectory(ReadOnlySpan<byte> name, uint mode)
    {
        fixed (byte* path = NativePath.Of(name))
        {
            Check(Libc.MakeDirectoryAt(Handle, path, mode), "mkdir", name);
        }
    }

    /// <summary>Creates a new file and opens it for writing.</summary>
    public SafeFileHandle CreateFile(ReadOnlySpan<byte> name, uint mode)
    {
        const int New = OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive;
        SafeFileHandle file = OpenAt(Handle, name, New | OpenFlags.NoFollow, mode, out int error);
        return error == 0 ? file : throw new SystemCallException("create", error, Describe(name));
    }

    /// <summary>Opens a file for locking, and creates it if needed. Only its owner may use it.</summary>
    /// <exception cref="SystemCallException">It cannot be opened for writing, or is a symbolic link.</exception>
    public SafeFileHandle OpenLock(ReadOnlySpan<byte> name)
    {
        const uint OwnerOnly = 0x180; // 0600
        SafeFileHandle file = OpenAt(Handle, name, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.NoFollow | OpenFlags.NonBlocking, OwnerOnly, out int error);
        return error == 0 ? file : throw new SystemCallException("open", error, Describe(name));
    }

    public void CreateSymlink(ReadOnlySpan<byte> name, ReadOnlySpan<byte> target)
    {
        fixed (byte* path = NativePath.Of(name), text = NativePath.Of(target))
        {
            Check(Libc.SymlinkAt(text, Handle, path), "symlink", name);
        }
    }

    /// <summary>Moves an entry to another directory and name. Replaces an existing entry as rename(2) does.</summary>
    public void Move(ReadOnlySpan<byte> name, DirectoryHandle destination, ReadOnlySpan<byte> newName)
    {
        fixed (byte* path = NativePath.Of(name), newPath = NativePath.Of(newName))
        {
            Check(Libc.RenameAt(Handle, path, destination.Handle, newPath), "rename", name);
        }
    }

    /// <summary>Creates a hard link to an entry that is not a directory.</summary>
    public void Link(ReadOnlySpan<byte> name, DirectoryHandle destination, ReadOnlySpan<byte> newName)
    {
        fixed (byte* path = NativePath.Of(name), newPath = NativePath.Of(newName))
        {
            Check(Libc.LinkAt(Handle, path, destination.Handle, newPath, 0), "link", name);
        }
    }

    /// <summary>Sets an entry's modification time in Unix seconds. The access time stays.</summary>
    public void SetModified(ReadOnlySpan<byte> name, nint seconds)
    {
        TimeSpecification* times = stackalloc TimeSpecification[] { TimeSpecification.Unchanged, new(seconds, 0) };
        fixed (byte* path = NativePath.Of(name))
        {
            Check(Libc.SetTimesAt(Handle, path, times, Libc.AtSymlinkNoFollow), "utimensat", name);
        }
    }

    /// <summary>Sets the permissions of this directory.</summary>
    public void ChangeMode(uint mode) => Check(Libc.ChangeMode(Handle, mode), "chmod", default);

    /// <summary>Removes the default access control list, which new entries would inherit.</summary>
    public void RemoveDefaultAccessList()
    {
        fixed (byte* name = "system.posix_acl_default\0"u8)
        {
            // It is fine if there is none, or if the file system does not support it.
            _ = Libc.RemoveAttribute(Handle, name);
        }
    }

    /// <summary>Takes the lock on this directory if it is free. Dispose releases it.</summary>
    public bool TryLockExclusive() => Libc.Lock(Handle, Libc.LockExclusive | Libc.LockNonBlocking) == 0;

    /// <summary>Flushes the directory's file system to disk.</summary>
    public void SynchroniseFileSystem() => Check(Libc.SynchroniseFileSystem(Handle), "syncfs", default);

    /// <summary>Removes an entry that is not a directory. Does nothing if it does not exist.</summary>
    public void Unlink(ReadOnlySpan<byte> name) => Remove(name, 0);

    /// <summary>
    /// Removes an entry with everything in it. Does nothing if it does not exist. Returns the number of freed bytes as Nix counts them: those
    /// of files with at most two links, one of which may be in <c>.links</c>. Nix: src/libutil/unix/file-system.cc, deletePath.
    /// </summary>
    public ulong RemoveTree(ReadOnlySpan<byte> name)
    {
        if (FindStatus(name) is not FileStatus status)
        {
            return 0;
        }

        if (status.Type == FileType.Directory)
        {
            return TreeRemoval.Run(this, name.ToArray());
        }

        Remove(name, 0);
        return FreedBytes(status);
    }

    /// <summary>What removing a file with this status frees, in bytes.</summary>
    public static ulong FreedBytes(FileStatus status) => status.Links <= 2 ? (ulong)status.Size : 0;

    /// <summary>Does the same without exceptions; false if something is left.</summary>
    public bool TryRemoveTree(ReadOnlySpan<byte> name)
    {
        try
        {
            _ = RemoveTree(name);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Removes an empty directory.</summary>
    public void RemoveEmptyDirectory(ReadOnlySpan<byte> name) => Remove(name, Libc.AtRemoveDirectory);

    /// <summary>The names of all entries that begin with a prefix, in no order.</summary>
    /// <exception cref="SystemCallException">The directory cannot be read.</exception>
    public List<byte[]> List(ReadOnlySpan<byte> prefix = default)
    {
        byte[] start = prefix.ToArray();
        List<byte[]> names = [];
        ForEachEntry(name =>
        {
            if (name.StartsWith(start))
            {
                names.Add(name.ToArray());
            }
        });
        return names;
    }

    /// <summary>Visits the names of all entries, in any order, without keeping them.</summary>
    /// <exception cref="SystemCallException">The directory cannot be read.</exception>
    public void ForEachEntry(Action<ReadOnlySpan<byte>> visit)
    {
        byte[] buffer = new byte[ListingBufferSize];
        int length;
        while ((length = LibcFiles.ReadDirectory(Handle, buffer)) > 0)
        {
            for (int offset = 0; offset < length; offset += BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(offset + RecordLengthOffset)))
            {
                ReadOnlySpan<byte> name = buffer.AsSpan((offset + NameOffset)..length);
                name = name[..name.IndexOf((byte)0)];
                if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
                {
                    visit(name);
                }
            }
        }

        if (length < 0)
            throw new SystemCallException("getdents64", -length, Path);
    }

    /// <summary>The path of an entry, for messages.</summary>
    public string Describe(ReadOnlySpan<byte> name) => name.IsEmpty ? Path : $"{Path}/{PrintableBytes.Of(name)}";

    public void Dispose() => Handle.Dispose();

    private static DirectoryHandle Open(SafeFileHandle parent, ReadOnlySpan<byte> name, int flags, string path)
    {
        SafeFileHandle handle = OpenAt(parent, name, OpenFlags.Directory | flags, 0, out int error);
        return error == 0 ? new DirectoryHandle(handle, path) : throw new SystemCallException("open", error, path);
    }

    private static DirectoryHandle? Find(SafeFileHandle parent, ReadOnlySpan<byte> name, string path)
    {
        SafeFileHandle handle = OpenAt(parent, name, OpenFlags.Directory | OpenFlags.NoFollow, 0, out int error);
        return error == 0 ? new DirectoryHandle(handle, path)
            : Errno.IsInvisible(error) ? null
            : throw new SystemCallException("open", error, path);
    }

    private static SafeFileHandle OpenAt(SafeFileHandle parent, ReadOnlySpan<byte> name, int flags, uint mode, out int error)
    {
        int result = LibcFiles.Open(parent, NativePath.Of(name), flags, mode);
        error = result < 0 ? -result : 0;
        return new SafeFileHandle(result < 0 ? -1 : result, ownsHandle: true);
    }

    private void Remove(ReadOnlySpan<byte> name, int flags)
    {
        fixed (byte* path = NativePath.Of(name))
        {
            int error = Libc.UnlinkAt(Handle, path, flags) == 0 ? 0 : Marshal.GetLastPInvokeError();
            if (error is not (0 or Errno.NoEntry))
            {
                throw new SystemCallException("unlink", error, Describe(name));
            }
        }
    }

    private void Check(int result, string operation, ReadOnlySpan<byte> name)
    {
        if (result < 0)
        {
            throw new SystemCallException(operation, Marshal.GetLastPInvokeError(), Describe(name));
        }
    }
}
