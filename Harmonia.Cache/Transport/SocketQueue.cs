using System.Buffers;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Harmonia.Cache.Interop;
using Harmonia.Protocol.Interop;
using Microsoft.AspNetCore.Connections;

namespace Harmonia.Cache.Transport;

/// <summary>What is on its way out of a socket: bytes, and then a part of a file.</summary>
internal sealed class SocketQueue(Socket socket)
{
    // Copied so that the base class library waits for room; sendfile(2) sends the rest. A slow client costs no more than this.
    private const int WaitingPiece = 4 * 1024;

    // Sent before the thread serves other connections: half a millisecond of work. A client on this machine can be as fast as the cache.
    private const int Burst = 8 * 1024 * 1024;

    // For files on file systems that have no sendfile(2).
    private const int CopiedPiece = 64 * 1024;

    private FileRun? _file;
    private bool _copiesFile;

    /// <summary>The bytes.</summary>
    public OutputBuffers Buffers { get; } = new();

    /// <summary>Whether there is a part of a file, which what is written now would overtake.</summary>
    public bool HasFile => _file is not null;

    /// <summary>How many bytes there are, the file's included.</summary>
    public long Length => Buffers.Length + (_file?.Length ?? 0);

    /// <summary>Why a file could not be sent to the end, if so.</summary>
    public IOException? FileFailure { get; private set; }

    /// <summary>
    /// Whether sending may have to wait for a disk. It checks the first and the last byte of a burst, which takes a microsecond; what lies
    /// between them is in memory then, since files are read ahead in order.
    /// </summary>
    public bool MayBlock => _file is { } file && (_copiesFile || !file.IsInMemory(Burst));

    /// <summary>Adds a part of a file behind the bytes.</summary>
    public void Add(FileRun file)
    {
        _file = file;
        _copiesFile = false;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Buffers.Clear();
        _file = null;
    }

    /// <summary>Hands over as much as the kernel has room for, up to a burst of a file.</summary>
    /// <exception cref="ConnectionResetException">The client can't be reached.</exception>
    /// <exception cref="IOException">The file can't be read: see <see cref="FileFailure"/>.</exception>
    public SendProgress TrySend()
    {
        while (Buffers.Length > 0)
        {
            ReadOnlyMemory<byte> first = Buffers.First;
            int sent = Send(first.Span, hasMore: Length > first.Length);
            if (sent == 0)
                return SendProgress.NoRoom;
            Buffers.Sent(sent);
        }

        return TrySendFile();
    }

    /// <summary>Hands over bytes that were not added, if nothing would be overtaken; returns how many the kernel took.</summary>
    /// <exception cref="ConnectionResetException">The client can't be reached.</exception>
    public int TrySendFirst(ReadOnlySpan<byte> bytes)
    {
        int sent = 0;
        while (Length == 0 && sent < bytes.Length)
        {
            int count = Send(bytes[sent..], hasMore: false);
            if (count == 0)
                break;
            sent += count;
        }

        return sent;
    }

    // How many bytes the kernel took; 0 if it has no room.
    private int Send(ReadOnlySpan<byte> bytes, bool hasMore) => LibcSockets.Send(socket.SafeHandle, bytes, hasMore) switch
    {
        -Errno.TryAgain => 0,
        < 0 and int failure => throw new ConnectionResetException(Marshal.GetPInvokeErrorMessage(-failure)),
        int sent => sent,
    };

    private SendProgress TrySendFile()
    {
        int burst = Burst;
        while (_file is { } file && !_copiesFile)
        {
            if (burst == 0)
                return SendProgress.OthersFirst;
            int sent = LibcSockets.SendFile(socket.SafeHandle, file.File, file.Offset, Math.Min(file.Length, burst));
            switch (sent)
            {
                case > 0:
                    _file = file.From(sent);
                    burst -= sent;
                    break;
                case 0:
                    throw FileFailure = new EndOfStreamException($"ended at {file.Offset}, before its size");
                case -Errno.TryAgain:
                    return SendProgress.NoRoom;
                case -Errno.InvalidArgument or -Errno.NotImplemented:
                    _copiesFile = true;
                    break;
                case -Errno.InputOutput or -Errno.StaleFile:
                    throw FileFailure = new IOException($"cannot be read: {Marshal.GetPInvokeErrorMessage(-sent)}");
                default:
                    throw new ConnectionResetException(Marshal.GetPInvokeErrorMessage(-sent));
            }
        }

        return _file is null ? SendProgress.Done : SendProgress.NoRoom;
    }

    /// <summary>Sends some of it, as soon as the kernel has room. Ends on a thread that polls sockets, which may not block.</summary>
    public async ValueTask SendPieceAsync(CancellationToken cancellationToken)
    {
        if (Buffers.Length > 0 || _file is not { } file)
        {
            Buffers.Sent(await socket.SendAsync(Buffers.First, SocketFlags.None, cancellationToken));
            return;
        }

        int length = Math.Min(_copiesFile ? CopiedPiece : WaitingPiece, file.Length);
        byte[] piece = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            int read = ReadFile(file, piece.AsSpan(0, length));
            _file = file.From(await socket.SendAsync(piece.AsMemory(0, read), SocketFlags.None, cancellationToken));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    private int ReadFile(in FileRun file, Span<byte> piece)
    {
        try
        {
            int read = RandomAccess.Read(file.File, piece, file.Offset);
            return read > 0 ? read : throw new EndOfStreamException($"ended at {file.Offset}, before its size");
        }
        catch (IOException exception)
        {
            FileFailure = exception;
            throw;
        }
    }
}
