using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Harmonia.Protocol.Interop;

/// <summary>
/// An open file of which only what the kernel has in memory is found and read: no call here waits for a disk or a server. It cannot
/// leave the method, and is closed at the end of the scope. A call that fails returns the negative errno.
/// </summary>
/// <remarks>
/// The kernel looks names up in its cache alone (RESOLVE_CACHED, Linux 5.12) and copies pages that are there (RWF_NOWAIT). The status of a
/// local file that is open is in memory; that of another file system comes from what is known of it (AT_STATX_DONT_SYNC).
/// </remarks>
internal ref partial struct PageCacheFile
{
    // The same on every architecture that .NET runs on.
    private const long OpenAt2 = 437;

    private const int CurrentDirectory = -100;
    private const ulong ResolveCached = 0x20;
    private const ulong ResolveBeneath = 0x8;
    private const ulong ResolveNoSymlinks = 0x4;
    private const int EmptyPathDontSync = 0x1000 | 0x4000;
    private const int NoWait = 0x8;

    // A FIFO in the place of a file must not block, and a terminal must not become the controlling one.
    private static readonly int Contents = OpenFlags.NoFollow | OpenFlags.NonBlocking | OpenFlags.NoControllingTerminal | OpenFlags.CloseOnExec;
    private static readonly int NameOnly = OpenFlags.Path | OpenFlags.NoFollow | OpenFlags.CloseOnExec;

    private int _descriptor;

    /// <summary>Opens the root of a tree; returns 0, or the negative errno and nothing to close.</summary>
    /// <param name="path">Ends with a NUL. A symbolic link at its end is not followed.</param>
    /// <param name="isRegular">Whether its contents are to be read; else it is only a place for <see cref="OpenBelow"/>.</param>
    /// <param name="file">The file.</param>
    public static int OpenRoot(ReadOnlySpan<byte> path, bool isRegular, out PageCacheFile file) =>
        Open(CurrentDirectory, path, isRegular ? Contents : NameOnly, ResolveCached, out file);

    /// <summary>Opens a file below this directory, through no symbolic link; returns 0, or the negative errno and nothing to close.</summary>
    /// <param name="path">Relative to this; ends with a NUL.</param>
    /// <param name="file">The file.</param>
    public readonly int OpenBelow(ReadOnlySpan<byte> path, out PageCacheFile file) =>
        Open(_descriptor, path, Contents, ResolveCached | ResolveBeneath | ResolveNoSymlinks, out file);

    /// <summary>The status of the file.</summary>
    public readonly int Status(out FileStatus status) =>
        ErrorOr(Statx(_descriptor, in MemoryMarshal.GetReference("\0"u8), EmptyPathDontSync, FileStatus.Mask, out status));

    /// <summary>Reads from an offset what is in memory of it; returns how many bytes.</summary>
    public readonly unsafe int Read(long offset, Span<byte> destination)
    {
        fixed (byte* start = destination)
        {
            IoVector vector = new(start, (nuint)destination.Length);
            return ErrorOr(ReadVector(_descriptor, in vector, 1, offset, NoWait));
        }
    }

    /// <summary>Closes it.</summary>
    public void Dispose()
    {
        if (_descriptor >= 0)
            _ = Close(_descriptor);
        _descriptor = -1;
    }

    private static int Open(int directory, ReadOnlySpan<byte> path, int flags, ulong resolve, out PageCacheFile file)
    {
        OpenHow how = new((uint)flags, resolve);
        int result = ErrorOr(OpenAt(OpenAt2, directory, in MemoryMarshal.GetReference(path), in how, (nuint)Unsafe.SizeOf<OpenHow>()));
        file = new PageCacheFile { _descriptor = Math.Max(result, -1) };
        return Math.Min(result, 0);
    }

    private static int ErrorOr(nint result) => result >= 0 ? (int)result : -Marshal.GetLastPInvokeError();

    // glibc has no openat2.
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint OpenAt(long number, nint directory, in byte path, in OpenHow how, nuint size);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static partial int Statx(int descriptor, in byte name, int flags, uint mask, out FileStatus status);

    [LibraryImport("libc", EntryPoint = "preadv2", SetLastError = true)]
    private static partial nint ReadVector(int descriptor, in IoVector vector, int count, long offset, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    // struct open_how.
    private readonly struct OpenHow(ulong flags, ulong resolve)
    {
        public readonly ulong Flags = flags;

        public readonly ulong Mode = 0;

        public readonly ulong Resolve = resolve;
    }

    // struct iovec.
    private readonly unsafe struct IoVector(byte* start, nuint length)
    {
        public readonly byte* Start = start;

        public readonly nuint Length = length;
    }
}
