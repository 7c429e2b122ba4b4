using System.Net.Sockets;
using System.Runtime.InteropServices;
using Harmonia.Protocol.Interop;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Cache.Interop;

/// <summary>Sends and receives without blocking. A failed call returns the negative errno; a call interrupted by a signal is repeated.</summary>
internal static partial class LibcSockets
{
    private const int PeekOnly = 0x2;
    private const int DontWait = 0x40;
    private const int NoSignal = 0x4000;
    private const int More = 0x8000;

    /// <summary>Gives bytes to the kernel; returns how many it took. With <paramref name="hasMore"/> it fills the packet with what follows.</summary>
    public static int Send(SafeSocketHandle socket, ReadOnlySpan<byte> bytes, bool hasMore)
    {
        int flags = DontWait | NoSignal | (hasMore ? More : 0);
        int result;
        do
            result = ErrorOr(Send(socket, ref MemoryMarshal.GetReference(bytes), (nuint)bytes.Length, flags));
        while (result == -Errno.Interrupted);
        return result;
    }

    /// <summary>Reads what has come and leaves it there; returns how many bytes, 0 at the end.</summary>
    public static int Peek(SafeSocketHandle socket, Span<byte> bytes) => Receive(socket, bytes, PeekOnly | DontWait);

    /// <summary>Reads what has come; returns how many bytes, 0 at the end.</summary>
    public static int Receive(SafeSocketHandle socket, Span<byte> bytes) => Receive(socket, bytes, DontWait);

    /// <summary>Gives a part of a file to the kernel; returns how many bytes it took, 0 at the end of the file. The socket is non-blocking.</summary>
    public static int SendFile(SafeSocketHandle socket, SafeFileHandle file, long offset, int count)
    {
        int result;
        do
            result = ErrorOr(SendFile(socket, file, ref offset, (nuint)count));
        while (result == -Errno.Interrupted);
        return result;
    }

    private static int Receive(SafeSocketHandle socket, Span<byte> bytes, int flags)
    {
        int result;
        do
            result = ErrorOr(Receive(socket, ref MemoryMarshal.GetReference(bytes), (nuint)bytes.Length, flags));
        while (result == -Errno.Interrupted);
        return result;
    }

    private static int ErrorOr(nint result) => result >= 0 ? (int)result : -Marshal.GetLastPInvokeError();

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    private static partial nint Send(SafeSocketHandle socket, ref byte bytes, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    private static partial nint Receive(SafeSocketHandle socket, ref byte bytes, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "sendfile", SetLastError = true)]
    private static partial nint SendFile(SafeSocketHandle socket, SafeFileHandle file, ref long offset, nuint count);
}
