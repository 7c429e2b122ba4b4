using System.Buffers.Binary;
using Harmonia.Protocol.Primitives;

namespace Harmonia.Protocol.Nar;

/// <summary>
/// Takes strings (u64 length, bytes, zero padding) from input in pieces of any size. A string is not copied if one piece contains all of
/// it.
/// </summary>
internal sealed class NarString
{
    private const int LengthSize = sizeof(ulong);

    private readonly byte[] _buffer = new byte[LengthSize + NarLimits.TargetLength + 1];
    private int _buffered;

    /// <summary>The offset in the NAR of the current string, or of the last one.</summary>
    public long Offset { get; private set; }

    /// <summary>Takes a string. False if all of the input was taken and more is needed.</summary>
    /// <param name="input">The input. What was taken is removed from its front.</param>
    /// <param name="offset">The offset of the input in the NAR.</param>
    /// <param name="limit">The maximum length of the string in bytes.</param>
    /// <param name="text">The string without length and padding, valid until the next call.</param>
    public bool TryTake(ref ReadOnlySpan<byte> input, long offset, int limit, out ReadOnlySpan<byte> text)
    {
        Offset = offset - _buffered;
        if (_buffered == 0 && input.Length >= LengthSize)
        {
            int whole = EncodedLength(input, limit);
            if (input.Length >= whole)
            {
                text = Text(input[..whole]);
                input = input[whole..];
                return true;
            }
        }

        text = default;
        if (!TryBuffer(ref input, LengthSize))
            return false;
        int length = EncodedLength(_buffer, limit);
        if (!TryBuffer(ref input, length))
            return false;
        text = Text(_buffer.AsSpan(0, length));
        _buffered = 0;
        return true;
    }

    /// <summary>Takes a u64 in the same way.</summary>
    public bool TryTakeNumber(ref ReadOnlySpan<byte> input, long offset, out ulong number)
    {
        Offset = offset - _buffered;
        bool isWhole = TryBuffer(ref input, LengthSize);
        number = isWhole ? BinaryPrimitives.ReadUInt64LittleEndian(_buffer) : 0;
        _buffered = isWhole ? 0 : _buffered;
        return isWhole;
    }

    private bool TryBuffer(ref ReadOnlySpan<byte> input, int length)
    {
        if (_buffered >= length)
            return true;
        int count = Math.Min(length - _buffered, input.Length);
        input[..count].CopyTo(_buffer.AsSpan(_buffered));
        input = input[count..];
        _buffered += count;
        return _buffered == length;
    }

    private int EncodedLength(ReadOnlySpan<byte> encoded, int limit)
    {
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(encoded);
        return length <= (ulong)limit
            ? LengthSize + (int)length + Padding.Of((int)length)
            : throw new NarFormatException($"Expected a string of at most {limit} bytes, got one of {length}", Offset);
    }

    private ReadOnlySpan<byte> Text(ReadOnlySpan<byte> encoded)
    {
        int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(encoded);
        int end = LengthSize + length;
        return !encoded[end..].ContainsAnyExcept((byte)0)
            ? encoded[LengthSize..end]
            : throw new NarFormatException("Expected padding of zeros, got something else", Offset + end);
    }
}
