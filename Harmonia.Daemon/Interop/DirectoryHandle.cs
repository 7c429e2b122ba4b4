using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
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

    /// <exception cref="LibcException">It does not exist, is not a directory, or may not be read.</exception>
    public static DirectoryHandle Open(string path) => Open(Libc.NoDirectory, Encoding.UTF8.GetBytes(path), 0, path);

    /// <summary>The directory at an absolute path; null if there is none that this user may see.</summary>
    /// <exception cref="LibcException">It cannot be opened for another reason.</exception>
    public static DirectoryHandle? Find(ReadOnlySpan<byte> path) => Find(Libc.NoDirectory, path, PrintableBytes.Of(path));

    /// <summary>The directory with this name; null if there is none that this user may see.</summary>
    /// <exception cref="LibcException">It cannot be opened for another reason.</exception>
    public DirectoryHandle? FindDirectory(ReadOnlySpan<byte> name) => Find(Handle, name, Describe(name));

    /// <summary>The contents of the file with this name; null if there is none that this user may see.</summary>
    /// <exception cref="LibcException">It cannot be opened for another reason.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public byte[]? FindFile(ReadOnlySpan<byte> name)
    {
        using SafeFileHandle file = OpenAt(Handle, name, Libc.ReadOnly, out int error);
        if (error != 0)
        {
            return LibcException.IsInvisible(error) ? null : throw new LibcException(error, "open", Describe(name));
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
    /// <exception cref="LibcException">It cannot be read for another reason.</exception>
    public byte[]? FindLink(ReadOnlySpan<byte> name) => SymbolicLink.Find(Handle, name, Path);

    /// <summary>The status of the entry with this name; null if it does not exist.</summary>
    /// <exception cref="LibcException">The status cannot be read.</exception>
    public FileStatus? FindStatus(ReadOnlySpan<byte> name) => FileStatus.FindEntry(Handle, name);

    public DirectoryHandle OpenDirectory(ReadOnlySpan<byte> name) => Open(Handle, name, Libc.NoFollow, Describe(name));

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
        fixed (byte* path = NativePath.Of(name))
        {
            SafeFileHandle file = Libc.OpenAt(
                Handle, path, Libc.WriteOnly | Libc.Create | Libc.Exclusive | Libc.NoFollow | Libc.CloseOnExec, mode);
            return file.IsInvalid ? throw new LibcException(Marshal.GetLastPInvokeError(), "create", Describe(name)) : file;
        }
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

        if (!status.IsDirectory)
        {
            Remove(name, 0);
            return status.Links <= 2 ? status.Size : 0;
        }

        ulong freed = 0;
        using (DirectoryHandle directory = OpenDirectory(name))
        {
            // Directories in the store are read-only, even for their owner.
            directory.ChangeMode(0b111_000_000);
            foreach (byte[] entry in directory.List())
            {
                freed += directory.RemoveTree(entry);
            }
        }

        Remove(name, Libc.AtRemoveDirectory);
        return freed;
    }

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

    /// <summary>The names of all entries, in no order.</summary>
    /// <exception cref="LibcException">The directory cannot be read.</exception>
    public List<byte[]> List()
    {
        List<byte[]> names = [];
        byte[] buffer = new byte[ListingBufferSize];
        fixed (byte* start = buffer)
        {
            nint length;
            while ((length = Libc.ReadDirectory(Handle, start, buffer.Length)) > 0)
            {
                for (int offset = 0; offset < length; offset += BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(offset + RecordLengthOffset)))
                {
                    ReadOnlySpan<byte> name = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(start + offset + NameOffset);
                    if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
                    {
                        names.Add(name.ToArray());
                    }
                }
            }

            Check((int)length, "getdents64", default);
        }

        return names;
    }

    /// <summary>The path of an entry, for messages.</summary>
    public string Describe(ReadOnlySpan<byte> name) => name.IsEmpty ? Path : $"{Path}/{PrintableBytes.Of(name)}";

    public void Dispose() => Handle.Dispose();

    private static DirectoryHandle Open(SafeFileHandle parent, ReadOnlySpan<byte> name, int flags, string path)
    {
        SafeFileHandle handle = OpenAt(parent, name, Libc.ReadOnly | Libc.Directory | flags, out int error);
        return error == 0 ? new DirectoryHandle(handle, path) : throw new LibcException(error, "open", path);
    }

    private static DirectoryHandle? Find(SafeFileHandle parent, ReadOnlySpan<byte> name, string path)
    {
        SafeFileHandle handle = OpenAt(parent, name, Libc.ReadOnly | Libc.Directory | Libc.NoFollow, out int error);
        return error == 0 ? new DirectoryHandle(handle, path)
            : LibcException.IsInvisible(error) ? null
            : throw new LibcException(error, "open", path);
    }

    private static SafeFileHandle OpenAt(SafeFileHandle parent, ReadOnlySpan<byte> name, int flags, out int error)
    {
        fixed (byte* path = NativePath.Of(name))
        {
            SafeFileHandle handle = Libc.OpenAt(parent, path, flags | Libc.CloseOnExec, 0);
            error = handle.IsInvalid ? Marshal.GetLastPInvokeError() : 0;
            return handle;
        }
    }

    private void Remove(ReadOnlySpan<byte> name, int flags)
    {
        fixed (byte* path = NativePath.Of(name))
        {
            int error = Libc.UnlinkAt(Handle, path, flags) == 0 ? 0 : Marshal.GetLastPInvokeError();
            if (error is not (0 or LibcException.NoSuchEntry))
            {
                throw new LibcException(error, "unlink", Describe(name));
            }
        }
    }

    private void Check(int result, string operation, ReadOnlySpan<byte> name)
    {
        if (result < 0)
        {
            throw new LibcException(Marshal.GetLastPInvokeError(), operation, Describe(name));
        }
    }
}
