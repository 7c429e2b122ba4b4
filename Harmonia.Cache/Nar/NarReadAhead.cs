using System.Buffers;
using Harmonia.Cache.Http;
using Harmonia.Cache.Limits;
using Harmonia.Protocol.Nar;

namespace Harmonia.Cache.Nar;

/// <summary>
/// Reads a part of a NAR in order, in pieces, on threads of the pool. While the disk is slower than the client, it reads several pieces
/// ahead in parallel, so that a tree of small files is read at the disk's parallel speed. The owner disposes it.
/// </summary>
/// <remarks>
/// 20,000 files of 1 KB that are not in the page cache take 0.43 to 0.61 s, where <c>nix-store --dump</c> takes 1.1 to 1.2 s.
/// </remarks>
/// <param name="index">The NAR.</param>
/// <param name="root">The files.</param>
/// <param name="part">What to read.</param>
/// <param name="allowance">The memory budget that all readers share, beyond the two pieces that each may have.</param>
public sealed class NarReadAhead(NarIndex index, byte[] root, ByteRange part, MemoryBudget allowance) : IAsyncDisposable
{
    /// <summary>The length of each piece except the last.</summary>
    // A pipe filled by 64 KiB reads took 0.66 to 0.72 CPU s per GB, by 256 KiB 0.51 to 0.73, by 1 MiB 0.53 to 0.58.
    public const int PieceLength = 256 * 1024;

    private const int MaxAhead = 4;

    private readonly Queue<Task<Piece>> _ahead = new();
    private readonly Stack<NarIndexReader> _idle = new();
    private readonly Lock _lock = new();
    private readonly long _end = part.Offset + part.Length;
    private long _next = part.Offset;
    private int _wanted = 1;
    private Piece? _current;

    /// <summary>The next piece, valid until the next call; empty at the end.</summary>
    /// <exception cref="IOException">The files can't be read or have changed. There are no more pieces.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync()
    {
        Release(_current);
        _current = null;
        if (_ahead.Count == 0)
            StartPieces();
        if (!_ahead.TryDequeue(out Task<Piece>? next))
            return default;

        // If the client is slower than the disk, all pieces read ahead are ready: fewer are needed.
        bool isReady = next.IsCompleted;
        _wanted = isReady ? Math.Max(1, _wanted - 1) : Math.Min(MaxAhead, _wanted + 1);
        StartPieces();
        _current = await next;
        return _current.Bytes;
    }

    public async ValueTask DisposeAsync()
    {
        Release(_current);
        _current = null;
        foreach (Task<Piece> piece in _ahead)
        {
            await ((Task)piece).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (piece.IsCompletedSuccessfully)
                Release(piece.Result);
        }

        _ahead.Clear();
        foreach (NarIndexReader reader in _idle)
            reader.Dispose();
        _idle.Clear();
    }

    private void StartPieces()
    {
        while (_next < _end && _ahead.Count < Wanted)
        {
            bool isExtra = _ahead.Count > 0;
            if (isExtra && !allowance.TryTake(PieceLength))
                return;
            long offset = _next;
            int length = (int)Math.Min(PieceLength, _end - offset);
            _next += length;
            _ahead.Enqueue(Task.Run(() => Read(offset, length, isExtra)));
        }
    }

    // The kernel reads ahead within a file, and does this best for a single reader.
    private int Wanted => _wanted > 1 && index.IsWithinFile(_next, Math.Min(PieceLength, _end - _next)) ? 1 : _wanted;

    private Piece Read(long offset, int length, bool isExtra)
    {
        Piece piece = new(ArrayPool<byte>.Shared.Rent(length), length, isExtra);
        NarIndexReader reader = TakeReader();
        try
        {
            int filled = 0;
            while (filled < length)
            {
                int read = reader.Read(offset + filled, piece.Buffer.AsSpan(filled, length - filled));
                if (read == 0)
                    throw new EndOfStreamException($"The NAR ended at {offset + filled}, before its size.");
                filled += read;
            }

            return piece;
        }
        catch
        {
            Release(piece);
            throw;
        }
        finally
        {
            lock (_lock)
                _idle.Push(reader);
        }
    }

    private NarIndexReader TakeReader()
    {
        lock (_lock)
        {
            if (_idle.TryPop(out NarIndexReader? reader))
                return reader;
        }

        return new NarIndexReader(index, root);
    }

    private void Release(Piece? piece)
    {
        if (piece is null)
            return;
        ArrayPool<byte>.Shared.Return(piece.Buffer);
        if (piece.IsExtra)
            allowance.Return(PieceLength);
    }

    private sealed record Piece(byte[] Buffer, int Length, bool IsExtra)
    {
        public ReadOnlyMemory<byte> Bytes => Buffer.AsMemory(0, Length);
    }
}
