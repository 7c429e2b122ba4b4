using Harmonia.Protocol.Interop;
using Harmonia.Protocol.Primitives;

namespace Harmonia.Protocol.Nar;

/// <summary>Paths of a tree as bytes that end with a NUL, and exceptions for calls that failed on them.</summary>
internal static class TreePath
{
    /// <summary>The path with a NUL and without slashes at its end, which would make the kernel follow a symbolic link.</summary>
    public static byte[] Root(ReadOnlySpan<byte> path)
    {
        if (path.IsEmpty || path.Contains((byte)0))
            throw new ArgumentException($"Expected a path without NUL that is not empty, got '{PrintableBytes.Of(path)}'.", nameof(path));
        int length = path.Length;
        while (length > 1 && path[length - 1] == '/')
            length--;
        return [.. path[..length], 0];
    }

    /// <summary>The exception for a call that failed on the root itself.</summary>
    public static IOException RootFailure(string operation, int error, ReadOnlySpan<byte> terminatedRoot)
    {
        byte[] path = terminatedRoot[..^1].ToArray();
        return error is Errno.NoEntry or Errno.NotDirectory
            ? new FileNotFoundException($"There is nothing at {PrintableBytes.Of(path)}.", PrintableBytes.Of(path))
            : new SystemCallException(operation, error, path);
    }

    /// <summary>The exception for a call that failed on an entry from before: if it is gone or of another kind, the tree changed.</summary>
    public static IOException Failure(string operation, int error, byte[] path) =>
        error is Errno.NoEntry or Errno.NotDirectory or Errno.TooManySymbolicLinks or Errno.InvalidArgument or Errno.NoDeviceOrAddress
            ? new NarTreeException(path, "was removed or replaced while the tree was read")
            : new SystemCallException(operation, error, path);
}
