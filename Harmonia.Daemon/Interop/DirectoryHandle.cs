using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Harmonia.Protocol.Primitives;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Daemon.Interop;

/// <summary>
/// An open directory, and what can be done in it. Names are bytes; none is followed if it is a symbolic link. Dispose closes it.
/// </summary>
internal sealed unsafe class DirectoryHandle : IDisposable
{
    // struct linux_dirent64 of getdents64(2): after two words come the record's length, the kind, and the name with a zero.
    private const int RecordLengthOffset = 16;
    private const int NameOffset = 19;
    private const int ListingBufferSize = 32 << 10;

    private DirectoryHandle(SafeFileHandle handle, string path) => (Handle, Path) = (handle, path);

    public SafeFileHandle Handle { get; }

    /// <summary>Where it is, for messages.</summary>
    public string Path { get; }

    /// <exception cref="LibcException">It is not there, no directory, or may not be read.</exception>
    public static DirectoryHandle Open(string path) => Open(Libc.NoDirectory, Encoding.UTF8.GetBytes(path), 0, path);

    /// <summary>The directory at an absolute path; null when nothing is to be seen there.</summary>
    /// <exception cref="LibcException">It can't be opened for another reason.</exception>
    public static DirectoryHandle? Find(ReadOnlySpan<byte> path) => Find(Libc.NoDirectory, path, PrintableBytes.Of(path));

    /// <summary>The directory with this name; null when nothing is to be seen there.</summary>
    /// <exception cref="LibcException">It can't be opened for another reason.</exception>
    public DirectoryHandle? FindDirectory(ReadOnlySpan<byte> name) => Find(Handle, name, Describe(name));

    /// <summary>The contents of the file with this name; null when nothing is to be seen there.</summary>
    /// <exception cref="LibcException">It can't be opened for another reason.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
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

    /// <summary>The target of the symbolic link with this name; null when it is no link, or nothing is to be seen there.</summary>
    /// <exception cref="LibcException">It can't be read for another reason.</exception>
    public byte[]? FindLink(ReadOnlySpan<byte> name) => SymbolicLink.Find(Handle, name, Path);

    /// <summary>What is with this name, a link itself; null when there is nothing.</summary>
    /// <exception cref="LibcException">It can't be looked at.</exception>
    public FileStatus? FindStatus(ReadOnlySpan<byte> name) => FileStatus.FindEntry(Handle, name);

    public DirectoryHandle OpenDirectory(ReadOnlySpan<byte> name) => Open(Handle, name, Libc.NoFollow, Describe(name));

    public void CreateDirectory(ReadOnlySpan<byte> name, uint mode)
    {
        fixed (byte* path = NativePath.Of(name))
        {
            Check(Libc.MakeDirectoryAt(Handle, path, mode), "mkdir", name);
        }
    }

    /// <summary>Makes a file that did not exist, open for writing.</summary>
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

    /// <summary>Gives an entry another directory and name, and replaces what can be replaced there.</summary>
    public void Move(ReadOnlySpan<byte> name, DirectoryHandle destination, ReadOnlySpan<byte> newName)
    {
        fixed (byte* path = NativePath.Of(name), newPath = NativePath.Of(newName))
        {
            Check(Libc.RenameAt(Handle, path, destination.Handle, newPath), "rename", name);
        }
    }

    /// <summary>Gives a file that is no directory one more name, where there is nothing yet.</summary>
    public void Link(ReadOnlySpan<byte> name, DirectoryHandle destination, ReadOnlySpan<byte> newName)
    {
        fixed (byte* path = NativePath.Of(name), newPath = NativePath.Of(newName))
        {
            Check(Libc.LinkAt(Handle, path, destination.Handle, newPath, 0), "link", name);
        }
    }

    /// <summary>Sets when an entry was last modified, in Unix seconds. The time of the last access stays.</summary>
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

    /// <summary>Drops the access control list that everything made in here would inherit, where there is one.</summary>
    public void RemoveDefaultAccessList()
    {
        fixed (byte* name = "system.posix_acl_default\0"u8)
        {
            // No such attribute, or no such attributes at all, is as good.
            _ = Libc.RemoveAttribute(Handle, name);
        }
    }

    /// <summary>Takes the lock on this directory, if no one holds it. It ends with this object.</summary>
    public bool TryLockExclusive() => Libc.Lock(Handle, Libc.LockExclusive | Libc.LockNonBlocking) == 0;

    /// <summary>Writes everything that is in memory only to the file system this directory is on.</summary>
    public void SynchroniseFileSystem() => Check(Libc.SynchroniseFileSystem(Handle), "syncfs", default);

    /// <summary>Removes an entry that is no directory; nothing happens when it is not there.</summary>
    public void Unlink(ReadOnlySpan<byte> name) => Remove(name, 0);

    /// <summary>
    /// Removes an entry with everything in it; nothing happens when it is not there. Returns how many bytes that frees, as Nix counts:
    /// those of files with at most two names, one of which may be in <c>.links</c>. Nix: src/libutil/unix/file-system.cc, deletePath.
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
            // Directories of the store are read-only, also for their owner.
            directory.ChangeMode(0b111_000_000);
            foreach (byte[] entry in directory.List())
            {
                freed += directory.RemoveTree(entry);
            }
        }

        Remove(name, Libc.AtRemoveDirectory);
        return freed;
    }

    /// <summary>Does the same for whoever has to go on anyhow; false when something of it stays.</summary>
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

    /// <summary>Removes a directory that has nothing in it.</summary>
    public void RemoveEmptyDirectory(ReadOnlySpan<byte> name) => Remove(name, Libc.AtRemoveDirectory);

    /// <summary>The names in it, in no order.</summary>
    /// <exception cref="LibcException">It can't be read.</exception>
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
