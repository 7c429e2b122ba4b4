using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Protocol.Interop;

/// <summary>
/// libc's calls on files, below a directory that is open. Names are bytes and end with a NUL. A call that fails returns the
/// negative errno, as the kernel does: only the caller knows the whole path for the exception. A call that a signal
/// interrupts is repeated.
/// </summary>
internal static partial class LibcFiles
{
    private const int SymbolicLinkNoFollow = 0x100;
    private const int NoAutomount = 0x800;
    private const int EmptyPath = 0x1000;
    private const int SetDescriptorFlags = 2;
    private const int CloseOnExecuteFlag = 1;

    /// <summary>AT_FDCWD: in its place a name may be a whole path.</summary>
    public static readonly SafeFileHandle CurrentDirectory = new(-100, ownsHandle: false);

    /// <summary>Opens a file; the result is the descriptor, which programs that this process starts do not inherit.</summary>
    /// <param name="directory">Where the name begins.</param>
    /// <param name="name">The name.</param>
    /// <param name="flags">Of <see cref="OpenFlags"/>.</param>
    /// <param name="mode">The permissions of a file that is created.</param>
    public static int Open(SafeFileHandle directory, ReadOnlySpan<byte> name, int flags, uint mode = 0)
    {
        ref readonly byte start = ref Terminated(name);
        int result;
        do
            result = ErrorOr(OpenAt(directory, in start, flags | OpenFlags.CloseOnExec, mode));
        while (result == -Errno.Interrupted);
        return result;
    }

    /// <summary>The status of an entry, of a symbolic link's own when it is one.</summary>
    public static int Status(SafeFileHandle directory, ReadOnlySpan<byte> name, out FileStatus status) =>
        ErrorOr(StatxAt(directory, in Terminated(name), SymbolicLinkNoFollow | NoAutomount, FileStatus.Mask, out status));

    /// <summary>The status of the file that an entry leads to.</summary>
    public static int StatusFollowed(SafeFileHandle directory, ReadOnlySpan<byte> name, out FileStatus status) =>
        ErrorOr(StatxAt(directory, in Terminated(name), NoAutomount, FileStatus.Mask, out status));

    /// <summary>The status of an open file or directory.</summary>
    public static int Status(SafeFileHandle directory, out FileStatus status) =>
        ErrorOr(StatxAt(directory, in Terminated("\0"u8), EmptyPath, FileStatus.Mask, out status));

    /// <summary>The status of an open file, by its number.</summary>
    public static int Status(int descriptor, out FileStatus status) =>
        ErrorOr(Statx(descriptor, in Terminated("\0"u8), EmptyPath, FileStatus.Mask, out status));

    /// <summary>The next <c>struct linux_dirent64</c>s; 0 at the end.</summary>
    public static int ReadDirectory(SafeFileHandle directory, Span<byte> buffer)
    {
        int result;
        do
            result = ErrorOr((int)GetDirectoryEntries(directory, ref MemoryMarshal.GetReference(buffer), (nuint)buffer.Length));
        while (result == -Errno.Interrupted);
        return result;
    }

    /// <summary>The target of a symbolic link without a NUL; a result that fills the buffer may be cut off.</summary>
    public static int ReadLink(SafeFileHandle directory, ReadOnlySpan<byte> name, Span<byte> target) =>
        ErrorOr((int)ReadLinkAt(directory, in Terminated(name), ref MemoryMarshal.GetReference(target), (nuint)target.Length));

    /// <summary>Some bytes from an offset of a file; 0 at the end.</summary>
    public static int Read(int descriptor, long offset, Span<byte> destination)
    {
        int result;
        do
            result = ErrorOr((int)PRead(descriptor, ref MemoryMarshal.GetReference(destination), (nuint)destination.Length, offset));
        while (result == -Errno.Interrupted);
        return result;
    }

    /// <summary>Closes, once: on Linux the descriptor is gone even when close(2) was interrupted.</summary>
    public static void Close(int descriptor) => _ = CloseDescriptor(descriptor);

    /// <summary>Hides a descriptor from programs that this process starts.</summary>
    /// <exception cref="IOException">There is no such descriptor.</exception>
    public static void CloseOnExecute(int descriptor)
    {
        if (FileControl(descriptor, SetDescriptorFlags, CloseOnExecuteFlag) != 0)
            throw new IOException($"descriptor {descriptor} is not open");
    }

    private static ref readonly byte Terminated(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty || name[^1] != 0)
            throw new ArgumentException("A name for libc ends with a NUL.", nameof(name));
        return ref MemoryMarshal.GetReference(name);
    }

    private static int ErrorOr(int result) => result >= 0 ? result : -Marshal.GetLastPInvokeError();

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    private static partial int OpenAt(SafeFileHandle directory, in byte name, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static partial int StatxAt(SafeFileHandle directory, in byte name, int flags, uint mask, out FileStatus status);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static partial int Statx(int descriptor, in byte name, int flags, uint mask, out FileStatus status);

    [LibraryImport("libc", EntryPoint = "getdents64", SetLastError = true)]
    private static partial nint GetDirectoryEntries(SafeFileHandle directory, ref byte buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "readlinkat", SetLastError = true)]
    private static partial nint ReadLinkAt(SafeFileHandle directory, in byte name, ref byte target, nuint length);

    [LibraryImport("libc", EntryPoint = "pread", SetLastError = true)]
    private static partial nint PRead(int descriptor, ref byte destination, nuint length, long offset);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int FileControl(int descriptor, int command, int argument);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseDescriptor(int descriptor);
}
