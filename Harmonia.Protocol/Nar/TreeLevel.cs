using Microsoft.Win32.SafeHandles;

namespace Harmonia.Protocol.Nar;

/// <summary>A directory between the root and the current entry of a walk.</summary>
internal struct TreeLevel
{
    /// <summary>Null while the walk is more than <see cref="TreeWalker.MaxOpenDirectories"/> levels below.</summary>
    public SafeFileHandle? Handle;

    /// <summary>The identity of the directory when <see cref="Handle"/> was closed.</summary>
    public (ulong Inode, uint DeviceMajor, uint DeviceMinor) Identity;

    /// <summary>Where its names begin in <see cref="DirectoryNames"/>, as entries and as bytes.</summary>
    public int FirstName;
    public int FirstByte;

    /// <summary>The entry to visit next, and the one after the last.</summary>
    public int NextName;
    public int EndName;
}
