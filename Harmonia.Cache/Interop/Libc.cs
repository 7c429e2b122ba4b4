using System.Runtime.InteropServices;
using Harmonia.Protocol.Interop;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Cache.Interop;

/// <summary>The calls to libc that the base class library does not offer.</summary>
internal static partial class Libc
{
    private const int ReadAndWrite = 3;
    private const int PrivateAnonymous = 0x22;
    private const int LargePages = 14;

    private const uint CloseMemoryFileOnExec = 0x1;

    private const int NoWait = 0x8;

    /// <summary>Makes the names in a directory survive a power failure.</summary>
    /// <exception cref="IOException">The directory can't be opened, or its file system fails.</exception>
    public static void SyncDirectory(string path)
    {
        int descriptor = LibcFiles.Open(LibcFiles.CurrentDirectory, NativePath.Of(path), OpenFlags.Directory);
        if (descriptor < 0)
            throw new SystemCallException("openat", -descriptor, path);
        using SafeFileHandle directory = new(descriptor, ownsHandle: true);
        if (Sync(directory) != 0)
            throw new SystemCallException("fsync", Marshal.GetLastPInvokeError(), path);
    }

    /// <summary>An empty file in memory; null if the system allows none.</summary>
    public static SafeFileHandle? TryMakeMemoryFile()
    {
        SafeFileHandle file = new(MakeMemoryFile("harmonia", CloseMemoryFileOnExec), ownsHandle: true);
        if (!file.IsInvalid)
            return file;
        file.Dispose();
        return null;
    }

    /// <summary>Whether a byte of a file can be read without waiting for a disk. Also false if the file system can't tell.</summary>
    public static unsafe bool IsInMemory(SafeFileHandle file, long offset)
    {
        byte read;
        IoVector vector = new(&read, 1);
        return ReadVector(file, in vector, 1, offset, NoWait) == 1;
    }

    /// <summary>Zeroed private pages; -1 if there is no memory.</summary>
    public static nint MapMemory(nuint length) => Map(0, length, ReadAndWrite, PrivateAnonymous, descriptor: -1, offset: 0);

    /// <summary>Asks for large pages of 2 MiB each. This affects only speed.</summary>
    public static void AdviseLargePages(nint start, nuint length) => _ = Advise(start, length, LargePages);

    /// <summary>Frees pages.</summary>
    public static void UnmapMemory(nint start, nuint length) => _ = Unmap(start, length);

    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeMemoryFile(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "preadv2")]
    private static partial nint ReadVector(SafeFileHandle file, in IoVector vector, int count, long offset, int flags);

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint start, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint start, nuint length, int advice);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint start, nuint length);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(SafeFileHandle file);

    // struct iovec.
    private readonly unsafe struct IoVector(byte* start, nuint length)
    {
        public readonly byte* Start = start;

        public readonly nuint Length = length;
    }
}
