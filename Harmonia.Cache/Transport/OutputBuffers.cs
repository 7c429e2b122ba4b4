using System.Buffers;

namespace Harmonia.Cache.Transport;

/// <summary>Bytes on their way out, in the order they were written. It holds memory only while there are some.</summary>
internal sealed class OutputBuffers
{
    // Most responses fit, head and body.
    private const int MinLength = 4096;

    // Large bodies are written in small pieces. Each buffer is a system call, so buffers grow with what is waiting.
    private const int MaxGrownLength = 256 * 1024;

    private readonly Queue<ArraySegment<byte>> _full = new();
    private int _firstStart;
    private byte[] _last = [];
    private int _lastStart;
    private int _lastEnd;

    /// <summary>How many bytes are waiting.</summary>
    public long Length { get; private set; }

    /// <summary>The bytes that go out next; empty when there are none.</summary>
    public ReadOnlyMemory<byte> First => _full.TryPeek(out ArraySegment<byte> first)
        ? first[_firstStart..]
        : _last.AsMemory(_lastStart.._lastEnd);

    /// <summary>Room for at least so many bytes behind the others.</summary>
    public Memory<byte> GetMemory(int sizeHint)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        int length = Math.Max(sizeHint, 1);
        if (_last.Length - _lastEnd < length)
            Rent(length);
        return _last.AsMemory(_lastEnd);
    }

    /// <summary>Adds what was written to the room.</summary>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_last.Length - _lastEnd), nameof(count));
        _lastEnd += count;
        Length += count;
    }

    /// <summary>Removes bytes of <see cref="First"/>.</summary>
    public void Sent(int count)
    {
        Length -= count;
        if (_full.TryPeek(out ArraySegment<byte> first))
        {
            _firstStart += count;
            if (_firstStart == first.Count)
                ReturnFirst();
        }
        else
        {
            _lastStart += count;
        }

        if (Length == 0)
            ReturnLast();
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        while (_full.Count > 0)
            ReturnFirst();
        Length = 0;
        ReturnLast();
    }

    private void Rent(int length)
    {
        if (_lastEnd > _lastStart)
            _full.Enqueue(new ArraySegment<byte>(_last, _lastStart, _lastEnd - _lastStart));
        else
            ReturnLast();
        _last = ArrayPool<byte>.Shared.Rent(Math.Max(length, (int)Math.Clamp(Length, MinLength, MaxGrownLength)));
        _lastStart = 0;
        _lastEnd = 0;
    }

    private void ReturnFirst()
    {
        ArrayPool<byte>.Shared.Return(_full.Dequeue().Array!);
        _firstStart = 0;
    }

    private void ReturnLast()
    {
        if (_last.Length > 0)
            ArrayPool<byte>.Shared.Return(_last);
        _last = [];
        _lastStart = 0;
        _lastEnd = 0;
    }
}
