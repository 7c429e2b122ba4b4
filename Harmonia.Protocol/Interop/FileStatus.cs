using System.Runtime.InteropServices;

namespace Harmonia.Protocol.Interop;

/// <summary>
/// What statx(2) tells about a file. <c>struct statx</c> is the same on every architecture, <c>struct stat</c> is not.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct FileStatus
{
    private const int TypeMask = 0xF000;
    private const int OwnerExecute = 0x40;

    /// <summary>STATX_TYPE, STATX_MODE, STATX_MTIME, STATX_CTIME, STATX_INO and STATX_SIZE: the fields below.</summary>
    public const uint Mask = 0x1 | 0x2 | 0x40 | 0x80 | 0x100 | 0x200;

    [FieldOffset(28)]
    private readonly ushort _mode;
    [FieldOffset(32)]
    private readonly ulong _inode;
    [FieldOffset(40)]
    private readonly ulong _size;
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

    public readonly FileType Type => (FileType)((_mode & TypeMask) >> 12);

    public readonly bool IsOwnerExecutable => (_mode & OwnerExecute) != 0;

    /// <summary>In bytes.</summary>
    public readonly long Size => checked((long)_size);

    /// <summary>Equal for two files only when they are the same file.</summary>
    public readonly (ulong Inode, uint DeviceMajor, uint DeviceMinor) Identity => (_inode, _deviceMajor, _deviceMinor);

    /// <summary>When anything about it was changed last, in seconds and nanoseconds since 1970.</summary>
    public readonly (long Seconds, uint Nanoseconds) Changed => (_changeSeconds, _changeNanoseconds);

    /// <summary>When its contents were changed last, likewise.</summary>
    public readonly (long Seconds, uint Nanoseconds) Modified => (_modificationSeconds, _modificationNanoseconds);
}
