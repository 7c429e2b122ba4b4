using System.Runtime.InteropServices;
using Harmonia.Protocol.Primitives;

namespace Harmonia.Protocol.Interop;

/// <summary>The operating system refused a call on a file.</summary>
public sealed class SystemCallException : IOException
{
    internal SystemCallException(string operation, int errorNumber, ReadOnlyMemory<byte> path)
        : base($"{operation} {PrintableBytes.Of(path.Span)}: {Marshal.GetPInvokeErrorMessage(errorNumber)} (errno {errorNumber})")
    {
        Operation = operation;
        ErrorNumber = errorNumber;
        Path = path;
    }

    /// <summary>The name of the call, such as <c>openat</c>.</summary>
    public string Operation { get; }

    /// <summary>errno, see errno(3).</summary>
    public int ErrorNumber { get; }

    /// <summary>The path as the bytes it has on disk; <see cref="Exception.Message"/> shows it for humans only.</summary>
    public ReadOnlyMemory<byte> Path { get; }
}
