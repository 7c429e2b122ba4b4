using System.Runtime.InteropServices;
using Harmonia.Protocol.Primitives;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Protocol.Interop;

/// <summary>
/// What statx(2) says about a file. <c>struct statx</c> is the same on every architecture, <c>struct stat</c> is not. Two that are equal
/// are of one file that has not changed.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal readonly record struct FileStatus
{
    private const int TypeMask = 0xF000;
    private const int OwnerExecute = 0x40;
    private const int OwnerWrite = 0x80;

    /// <summary>STATX_TYPE, _MODE, _NLINK, _MTIME, _CTIME, _INO, _SIZE and _BLOCKS: the fields below.</summary>
    public const uint Mask = 0x1 | 0x2 | 0x4 | 0x40 | 0x80 | 0x100 | 0x200 | 0x400;

    [FieldOffset(16)]
    private readonly uint _links;
    [FieldOffset(28)]
    private readonly ushort _mode;
    [FieldOffset(32)]
    private readonly ulong _inode;
    [FieldOffset(40)]
    private readonly ulong _size;
    [FieldOffset(48)]
    private readonly ulong _blocks;
    [FieldOffset(96)]
    private readonly long _changeSeconds;
    [FieldOffset(104)]
    private readonly uint _changeNanoseconds;
    [FieldOffset(112)]
    private readonly long _modificationSeconds;
    [FieldOffset(120)]
    private readonly uint _modificationNanoseconds;
    [FieldOffset(136)]
    private readonly uint _deviceMajor;
    [FieldOffset(140)]
    private readonly uint _deviceMinor;

    public FileType Type => (FileType)((_mode & TypeMask) >> 12);

    public bool IsOwnerExecutable => (_mode & OwnerExecute) != 0;

    public bool IsOwnerWritable => (_mode & OwnerWrite) != 0;

    /// <summary>The permission bits of its mode.</summary>
    public uint Permissions => (uint)_mode & ~(uint)TypeMask;

    /// <summary>The number of its names (hard links).</summary>
    public uint Links => _links;

    /// <summary>In bytes.</summary>
    public long Size => checked((long)_size);

    /// <summary>How many blocks of 512 bytes it takes.</summary>
    public ulong Blocks => _blocks;

    public ulong Inode => _inode;

    /// <summary>Equal for two files only when they are the same file.</summary>
    public (ulong Inode, uint DeviceMajor, uint DeviceMinor) Identity => (_inode, _deviceMajor, _deviceMinor);

    /// <summary>The time of the last change of contents or status, in seconds and nanoseconds since 1970.</summary>
    public (long Seconds, uint Nanoseconds) Changed => (_changeSeconds, _changeNanoseconds);

    /// <summary>The time of the last change of its contents, likewise.</summary>
    public (long Seconds, uint Nanoseconds) Modified => (_modificationSeconds, _modificationNanoseconds);

    /// <summary>The status of the file at <paramref name="path"/>, a symbolic link followed; null when there is none.</summary>
    /// <exception cref="SystemCallException">The status can't be read.</exception>
    public static FileStatus? Find(string path) =>
        Found(LibcFiles.StatusFollowed(LibcFiles.CurrentDirectory, NativePath.Of(path), out FileStatus status), status, path);

    /// <summary>The status of an entry of a directory, of the link itself where it is one; null when there is none.</summary>
    /// <param name="directory">The directory, or <see cref="LibcFiles.CurrentDirectory"/> for a whole path.</param>
    /// <param name="name">The entry, without a NUL.</param>
    /// <exception cref="SystemCallException">The status can't be read.</exception>
    public static FileStatus? FindEntry(SafeFileHandle directory, ReadOnlySpan<byte> name) =>
        Found(LibcFiles.Status(directory, NativePath.Of(name), out FileStatus status), status, PrintableBytes.Of(name));

    /// <summary>The status of an open file.</summary>
    /// <exception cref="SystemCallException">The status can't be read.</exception>
    public static FileStatus Of(SafeFileHandle file, string path)
    {
        int result = LibcFiles.Status(file, out FileStatus status);
        return result == 0 ? status : throw new SystemCallException("statx", -result, path);
    }

    private static FileStatus? Found(int result, FileStatus status, string path) => result switch
    {
        0 => status,
        -Errno.NoEntry or -Errno.NotDirectory => null,
        _ => throw new SystemCallException("statx", -result, path),
    };
}
