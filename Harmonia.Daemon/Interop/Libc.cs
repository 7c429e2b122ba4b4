using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Daemon.Interop;

/// <summary>
/// The calls to libc as they are. Only what the base class library has no equal for: it locks every file it opens, decodes names,
/// and follows symbolic links.
/// </summary>
internal static unsafe partial class Libc
{
    public const int ReadOnly = 0;
    public const int WriteOnly = 1;
    public const int ReadWrite = 2;
    public const int Create = 0x40;
    public const int Exclusive = 0x80;
    public const int CloseOnExec = 0x80000;
    public const int PathOnly = 0x200000;

    public const int AtSymlinkNoFollow = 0x100;
    public const int AtRemoveDirectory = 0x200;
    public const int AtEffectiveAccess = 0x200;
    public const int AtEmptyPath = 0x1000;

    public const int LockShared = 1;
    public const int LockExclusive = 2;
    public const int LockNonBlocking = 4;
    public const int Unlock = 8;

    public const int IsThere = 0;
    public const int MayWrite = 2;
    public const int MayRead = 4;

    // asm/fcntl.h: x86 has the generic numbers, arm its own.
    public static readonly int Directory = IsArm ? 0x4000 : 0x10000;
    public static readonly int NoFollow = IsArm ? 0x8000 : 0x20000;

    /// <summary>AT_FDCWD: stands for no directory where the path is absolute.</summary>
    public static readonly SafeFileHandle NoDirectory = new(-100, ownsHandle: false);

    private const string Library = "libc";

    private static bool IsArm => RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;

    [LibraryImport(Library, EntryPoint = "openat", SetLastError = true)]
    public static partial SafeFileHandle OpenAt(SafeFileHandle directory, byte* path, int flags, uint mode);

    [LibraryImport(Library, EntryPoint = "mkdirat", SetLastError = true)]
    public static partial int MakeDirectoryAt(SafeFileHandle directory, byte* path, uint mode);

    [LibraryImport(Library, EntryPoint = "symlinkat", SetLastError = true)]
    public static partial int SymlinkAt(byte* target, SafeFileHandle directory, byte* path);

    [LibraryImport(Library, EntryPoint = "readlinkat", SetLastError = true)]
    public static partial nint ReadLinkAt(SafeFileHandle directory, byte* path, byte* target, nint size);

    [LibraryImport(Library, EntryPoint = "linkat", SetLastError = true)]
    public static partial int LinkAt(SafeFileHandle oldDirectory, byte* oldPath, SafeFileHandle newDirectory, byte* newPath, int flags);

    [LibraryImport(Library, EntryPoint = "unlinkat", SetLastError = true)]
    public static partial int UnlinkAt(SafeFileHandle directory, byte* path, int flags);

    [LibraryImport(Library, EntryPoint = "renameat", SetLastError = true)]
    public static partial int RenameAt(SafeFileHandle oldDirectory, byte* oldPath, SafeFileHandle newDirectory, byte* newPath);

    [LibraryImport(Library, EntryPoint = "utimensat", SetLastError = true)]
    public static partial int SetTimesAt(SafeFileHandle directory, byte* path, TimeSpecification* accessAndModification, int flags);

    [LibraryImport(Library, EntryPoint = "fchmod", SetLastError = true)]
    public static partial int ChangeMode(SafeFileHandle file, uint mode);

    [LibraryImport(Library, EntryPoint = "syncfs", SetLastError = true)]
    public static partial int SynchroniseFileSystem(SafeFileHandle file);

    [LibraryImport(Library, EntryPoint = "fremovexattr", SetLastError = true)]
    public static partial int RemoveAttribute(SafeFileHandle file, byte* name);

    [LibraryImport(Library, EntryPoint = "flock", SetLastError = true)]
    public static partial int Lock(SafeFileHandle file, int operation);

    [LibraryImport(Library, EntryPoint = "faccessat", SetLastError = true)]
    public static partial int AccessAt(SafeFileHandle directory, byte* path, int mode, int flags);

    [LibraryImport(Library, EntryPoint = "statx", SetLastError = true)]
    public static partial int StatusAt(SafeFileHandle directory, byte* path, int flags, uint mask, byte* status);

    [LibraryImport(Library, EntryPoint = "statvfs", SetLastError = true)]
    public static partial int FileSystemStatus(byte* path, byte* status);

    [LibraryImport(Library, EntryPoint = "getdents64", SetLastError = true)]
    public static partial nint ReadDirectory(SafeFileHandle directory, byte* buffer, nint length);

    [LibraryImport(Library, EntryPoint = "unshare", SetLastError = true)]
    public static partial int Unshare(int what);

    [LibraryImport(Library, EntryPoint = "mount", SetLastError = true)]
    public static partial int Mount(byte* source, byte* target, byte* type, nuint flags, byte* data);

    [LibraryImport(Library, EntryPoint = "execv", SetLastError = true)]
    public static partial int Execute(byte* path, byte** arguments);

    [LibraryImport(Library, EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial SafeFileHandle CreatePoll(int flags);

    [LibraryImport(Library, EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int ControlPoll(SafeFileHandle poll, int operation, SafeHandle file, byte* settings);

    [LibraryImport(Library, EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int WaitForPoll(SafeFileHandle poll, byte* events, int maxEvents, int timeout);

    [LibraryImport(Library, EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollRequest* files, nuint count, int timeout);

    [LibraryImport(Library, EntryPoint = "getrlimit", SetLastError = true)]
    public static partial int GetResourceLimit(int resource, ulong* limits);

    [LibraryImport(Library, EntryPoint = "kill", SetLastError = true)]
    public static partial int Signal(int process, int signal);

    [LibraryImport(Library, EntryPoint = "umask")]
    public static partial uint SetCreationMask(uint forbidden);

    [LibraryImport(Library, EntryPoint = "getpwuid_r")]
    public static partial int GetUser(uint id, nint* structure, byte* buffer, nint size, nint** result);

    [LibraryImport(Library, EntryPoint = "getgrgid_r")]
    public static partial int GetGroup(uint id, nint* structure, byte* buffer, nint size, nint** result);

    [LibraryImport(Library, EntryPoint = "getgrnam_r")]
    public static partial int GetGroup(byte* name, nint* structure, byte* buffer, nint size, nint** result);

    [LibraryImport(Library, EntryPoint = "geteuid")]
    public static partial uint GetEffectiveUserId();
}
