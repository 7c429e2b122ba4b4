using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Daemon.Interop;

/// <summary>
/// The calls to libc that only the daemon makes, as they are. The base class library has no equal for them: it locks every file that it
/// opens, decodes names, and follows symbolic links.
/// </summary>
internal static unsafe partial class Libc
{
    public const int AtSymlinkNoFollow = 0x100;
    public const int AtRemoveDirectory = 0x200;
    public const int AtEffectiveAccess = 0x200;

    public const int LockShared = 1;
    public const int LockExclusive = 2;
    public const int LockNonBlocking = 4;
    public const int Unlock = 8;

    public const int IsThere = 0;
    public const int MayWrite = 2;
    public const int MayRead = 4;

    private const string Library = "libc";

    [LibraryImport(Library, EntryPoint = "mkdirat", SetLastError = true)]
    public static partial int MakeDirectoryAt(SafeFileHandle directory, byte* path, uint mode);

    [LibraryImport(Library, EntryPoint = "symlinkat", SetLastError = true)]
    public static partial int SymlinkAt(byte* target, SafeFileHandle directory, byte* path);

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

    [LibraryImport(Library, EntryPoint = "statvfs", SetLastError = true)]
    public static partial int FileSystemStatus(byte* path, byte* status);

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
