using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Harmonia.Protocol.Interop;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Daemon.Interop;

/// <summary>An instance of epoll(7). It reports each socket once, when there is something to read or the peer has hung up.</summary>
internal sealed unsafe class ReadinessPoll : IDisposable
{
    private const int CloseOnExec = 0x80000;
    private const int Add = 1;
    private const int Modify = 3;
    private const uint Readable = 0x1 | 0x2000 | (1U << 30); // EPOLLIN, EPOLLRDHUP, EPOLLONESHOT
    private const int MaxEvents = 64;

    // struct epoll_event is packed on x86 only.
    private static readonly int Offset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int Size = Offset + sizeof(ulong);

    private readonly SafeFileHandle _handle;

    public ReadinessPoll()
    {
        _handle = Libc.CreatePoll(CloseOnExec);
        if (_handle.IsInvalid)
        {
            throw new SystemCallException("epoll_create1", Marshal.GetLastPInvokeError(), "sockets");
        }
    }

    /// <summary>Makes <see cref="Wait"/> report the socket once when there is something to read. Closing the socket ends that.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="name">The name to report.</param>
    /// <param name="isKnown">Whether it was watched before.</param>
    public void Watch(SafeHandle socket, ulong name, bool isKnown)
    {
        Span<byte> one = stackalloc byte[Size];
        one.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(one, Readable);
        BinaryPrimitives.WriteUInt64LittleEndian(one[Offset..], name);
        fixed (byte* bytes = one)
        {
            if (Libc.ControlPoll(_handle, isKnown ? Modify : Add, socket, bytes) != 0)
            {
                throw new SystemCallException("epoll_ctl", Marshal.GetLastPInvokeError(), "a client's socket");
            }
        }
    }

    /// <summary>Waits until some sockets are ready and adds their names to the list.</summary>
    public void Wait(List<ulong> ready)
    {
        Span<byte> all = stackalloc byte[MaxEvents * Size];
        int count;
        fixed (byte* bytes = all)
        {
            count = Libc.WaitForPoll(_handle, bytes, MaxEvents, -1);
        }

        if (count < 0 && Marshal.GetLastPInvokeError() is int error and not Errno.Interrupted)
        {
            throw new SystemCallException("epoll_wait", error, "sockets");
        }

        for (int n = 0; n < count; n++)
        {
            ready.Add(BinaryPrimitives.ReadUInt64LittleEndian(all[((n * Size) + Offset)..]));
        }
    }

    public void Dispose() => _handle.Dispose();
}
