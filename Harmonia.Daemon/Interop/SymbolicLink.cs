using Harmonia.Protocol.Interop;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Daemon.Interop;

/// <summary>Reads symbolic links, whose names and targets are bytes.</summary>
internal static class SymbolicLink
{
    /// <summary>PATH_MAX, the maximum length of a target.</summary>
    private const int MaxLength = 4096;

    /// <summary>The target of the symbolic link at an absolute path; null if there is none that this user may see.</summary>
    /// <exception cref="SystemCallException">It cannot be read for another reason.</exception>
    public static byte[]? Find(ReadOnlySpan<byte> path) => Find(LibcFiles.CurrentDirectory, path, "/");

    /// <summary>Whether there is a symbolic link in a directory whose target this user may not see.</summary>
    public static bool IsHidden(SafeFileHandle directory, ReadOnlySpan<byte> name) =>
        -LibcFiles.ReadLink(directory, NativePath.Of(name), stackalloc byte[1]) is Errno.AccessDenied or Errno.NotPermitted;

    /// <summary>The target of a symbolic link in a directory; null if there is none that this user may see.</summary>
    /// <exception cref="SystemCallException">It cannot be read for another reason.</exception>
    public static byte[]? Find(SafeFileHandle directory, ReadOnlySpan<byte> name, string description)
    {
        Span<byte> target = stackalloc byte[MaxLength];
        int length = LibcFiles.ReadLink(directory, NativePath.Of(name), target);
        return length >= 0 ? target[..length].ToArray()
            : Errno.IsInvisible(-length) ? null
            : throw new SystemCallException("readlink", -length, description);
    }
}
