using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Harmonia.Protocol.Primitives;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Daemon.Interop;

/// <summary>
/// What tells one state of a file from another. Read by statx, whose structure, unlike struct stat, is the same everywhere
/// (linux/stat.h).
/// </summary>
internal readonly record struct FileStatus(
    uint DeviceMajor, uint DeviceMinor, ulong Inode, ushort Mode, ulong Size, long ModifiedSeconds, uint ModifiedNanoseconds, uint Links, ulong Blocks)
{
    private const int KindMask = 0xf000;
    private const int SocketKind = 0xc000;
    private const int RegularKind = 0x8000;
    private const int DirectoryKind = 0x4000;
    private const int SymlinkKind = 0xa000;
    private const int OwnerMayWrite = 0b010_000_000;
    private const uint BasicStatistics = 0x7ff;
    private const int StructureSize = 256;

    public bool IsSocket => (Mode & KindMask) == SocketKind;

    public bool IsRegular => (Mode & KindMask) == RegularKind;

    public bool IsDirectory => (Mode & KindMask) == DirectoryKind;

    public bool IsSymlink => (Mode & KindMask) == SymlinkKind;

    public bool IsOwnerWritable => (Mode & OwnerMayWrite) != 0;

    /// <summary>Who may do what with it.</summary>
    public uint Permissions => (uint)Mode & ~(uint)KindMask;

    /// <summary>Whether both are the same file, whatever happened to its content.</summary>
    public bool IsSameFile(FileStatus other) =>
        (DeviceMajor, DeviceMinor, Inode) == (other.DeviceMajor, other.DeviceMinor, other.Inode);

    /// <summary>The status of the file at <paramref name="path"/>, a symbolic link followed; null when there is none.</summary>
    /// <exception cref="LibcException">The file can't be looked at.</exception>
    public static FileStatus? Find(string path) => Find(Libc.NoDirectory, NativePath.Of(path), 0, path);

    /// <summary>The status of an entry of a directory, of the link itself where it is one; null when there is none.</summary>
    /// <param name="directory">The directory, or <see cref="Libc.NoDirectory"/> for an absolute path.</param>
    /// <param name="name">The entry.</param>
    /// <exception cref="LibcException">It can't be looked at.</exception>
    public static FileStatus? FindEntry(SafeFileHandle directory, ReadOnlySpan<byte> name) =>
        Find(directory, NativePath.Of(name), Libc.AtSymlinkNoFollow, PrintableBytes.Of(name));

    /// <summary>The status of an open file.</summary>
    public static unsafe FileStatus Of(SafeFileHandle file, string path)
    {
        byte* structure = stackalloc byte[StructureSize];
        byte empty = 0;
        return Libc.StatusAt(file, &empty, Libc.AtEmptyPath, BasicStatistics, structure) == 0
            ? Read(new(structure, StructureSize))
            : throw new LibcException(Marshal.GetLastPInvokeError(), "stat", path);
    }

    private static unsafe FileStatus? Find(SafeFileHandle directory, byte[] path, int flags, string description)
    {
        byte* structure = stackalloc byte[StructureSize];
        fixed (byte* name = path)
        {
            if (Libc.StatusAt(directory, name, flags, BasicStatistics, structure) == 0)
            {
                return Read(new(structure, StructureSize));
            }
        }

        int error = Marshal.GetLastPInvokeError();
        return error is LibcException.NoSuchEntry or LibcException.NotDirectory ? null : throw new LibcException(error, "stat", description);
    }

    // Offsets of stx_dev_major, stx_dev_minor, stx_ino, stx_mode, stx_size, stx_mtime, stx_nlink and stx_blocks.
    private static FileStatus Read(ReadOnlySpan<byte> structure) => new(
        BinaryPrimitives.ReadUInt32LittleEndian(structure[0x88..]),
        BinaryPrimitives.ReadUInt32LittleEndian(structure[0x8c..]),
        BinaryPrimitives.ReadUInt64LittleEndian(structure[0x20..]),
        BinaryPrimitives.ReadUInt16LittleEndian(structure[0x1c..]),
        BinaryPrimitives.ReadUInt64LittleEndian(structure[0x28..]),
        BinaryPrimitives.ReadInt64LittleEndian(structure[0x70..]),
        BinaryPrimitives.ReadUInt32LittleEndian(structure[0x78..]),
        BinaryPrimitives.ReadUInt32LittleEndian(structure[0x10..]),
        BinaryPrimitives.ReadUInt64LittleEndian(structure[0x30..]));
}
