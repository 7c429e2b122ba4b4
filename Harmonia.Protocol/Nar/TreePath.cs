using Harmonia.Protocol.Interop;
using Harmonia.Protocol.Primitives;

namespace Harmonia.Protocol.Nar;

/// <summary>Paths of a tree as bytes that end with a NUL, and what failed there as an exception.</summary>
internal static class TreePath
{
    /// <summary>The path without slashes at its end, which would make the kernel follow a symbolic link, and with a NUL.</summary>
    public static byte[] Root(ReadOnlySpan<byte> path)
    {
        if (path.IsEmpty || path.Contains((byte)0))
            throw new ArgumentException($"A path is not empty and has no NUL, got '{PrintableBytes.Of(path)}'.", nameof(path));
        int length = path.Length;
        while (length > 1 && path[length - 1] == '/')
            length--;
        return [.. path[..length], 0];
    }

    /// <summary>The failure of a call on the root itself.</summary>
    public static IOException RootFailure(string operation, int error, ReadOnlySpan<byte> terminatedRoot)
    {
        byte[] path = terminatedRoot[..^1].ToArray();
        return error is Errno.NoEntry or Errno.NotDirectory
            ? new FileNotFoundException($"There is nothing at {PrintableBytes.Of(path)}.", PrintableBytes.Of(path))
            : new SystemCallException(operation, error, path);
    }

    /// <summary>The failure of a call on something the walk has seen before: if it is gone or of another kind, the tree changed.</summary>
    public static IOException Failure(string operation, int error, byte[] path) =>
        error is Errno.NoEntry or Errno.NotDirectory or Errno.TooManySymbolicLinks or Errno.InvalidArgument or Errno.NoDeviceOrAddress
            ? new NarTreeException(path, "was removed or replaced while the tree was read")
            : new SystemCallException(operation, error, path);
}
