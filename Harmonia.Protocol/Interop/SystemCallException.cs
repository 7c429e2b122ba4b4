using System.Runtime.InteropServices;
using Harmonia.Protocol.Primitives;

namespace Harmonia.Protocol.Interop;

/// <summary>A system call failed. The message names the call, its object and the reason.</summary>
internal sealed class SystemCallException(string operation, int errorNumber, string path)
    : IOException($"{operation} '{path}': {Marshal.GetPInvokeErrorMessage(errorNumber)} (errno {errorNumber})")
{
    /// <summary>For a path as the bytes it has on disk.</summary>
    public SystemCallException(string operation, int errorNumber, ReadOnlySpan<byte> path)
        : this(operation, errorNumber, PrintableBytes.Of(path))
    {
    }

    /// <summary>The name of the call, such as <c>openat</c>.</summary>
    public string Operation { get; } = operation;

    /// <summary>errno, see errno(3).</summary>
    public int ErrorNumber { get; } = errorNumber;

    /// <summary>Whether the caller lacks the right to do this, or nobody may because the file system is read-only.</summary>
    public bool IsRefusal => ErrorNumber is Errno.NotPermitted or Errno.AccessDenied or Errno.ReadOnlyFileSystem;
}
