using System.Buffers.Binary;
using Harmonia.Protocol.Nar;

namespace Harmonia.Cache.NarCache;

/// <summary>
/// A NAR as a zstd frame that compresses nothing: a header, then raw blocks (RFC 8878, section 3.1.1). The place of each byte can be calculated,
/// so the frame has a length, can be read from any offset and need not be stored. One reader at a time uses it and disposes it.
/// </summary>
public sealed class RawFrame(NarSource source) : IDisposable
{
    private const int HeadLength = 14;
    private const int BlockHeadLength = 3;

    // The maximum of the format. The window has the same size, so decoders need memory for one block only.
    private const int BlockLength = 128 * 1024;
    private const byte WindowOf128KiB = 7 << 3;

    private const uint Magic = 0xFD2FB528;
    private const byte SizeOf8Bytes = 3 << 6;

    private readonly NarIndexReader _reader = source.Open();

    /// <summary>The length of the frame.</summary>
    public static long LengthOf(long narSize) => HeadLength + (BlockCount(narSize) * BlockHeadLength) + narSize;

    /// <summary>Fills the whole destination.</summary>
    /// <param name="offset">The first byte in the frame. The destination must not go beyond the end of the frame.</param>
    /// <param name="destination">Gets the bytes.</param>
    public void Fill(long offset, Span<byte> destination)
    {
        if (offset < HeadLength)
        {
            Span<byte> head = stackalloc byte[HeadLength];
            WriteHead(head);
            int count = Copy(head[(int)offset..], destination);
            offset += count;
            destination = destination[count..];
        }

        Span<byte> blockHead = stackalloc byte[BlockHeadLength];
        while (!destination.IsEmpty)
        {
            (long block, long position) = Math.DivRem(offset - HeadLength, BlockHeadLength + BlockLength);
            int count;
            if (position < BlockHeadLength)
            {
                WriteBlockHead(blockHead, block);
                count = Copy(blockHead[(int)position..], destination);
            }
            else
            {
                long inBlock = position - BlockHeadLength;
                count = (int)Math.Min(destination.Length, LengthOfBlock(block) - inBlock);
                NarSource.Fill(_reader, (block * BlockLength) + inBlock, destination[..count]);
            }

            offset += count;
            destination = destination[count..];
        }
    }

    public void Dispose() => _reader.Dispose();

    private static long BlockCount(long narSize) => (narSize + BlockLength - 1) / BlockLength;

    private static int Copy(ReadOnlySpan<byte> bytes, Span<byte> destination)
    {
        int count = Math.Min(bytes.Length, destination.Length);
        bytes[..count].CopyTo(destination);
        return count;
    }

    private long LengthOfBlock(long block) => Math.Min(BlockLength, source.Size - (block * BlockLength));

    private void WriteHead(Span<byte> head)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(head, Magic);
        head[4] = SizeOf8Bytes;
        head[5] = WindowOf128KiB;
        BinaryPrimitives.WriteInt64LittleEndian(head[6..], source.Size);
    }

    // The lowest bit marks the last block. The next two bits are the type, 0 for raw.
    private void WriteBlockHead(Span<byte> head, long block)
    {
        int value = ((int)LengthOfBlock(block) << 3) | (block == BlockCount(source.Size) - 1 ? 1 : 0);
        head[0] = (byte)value;
        head[1] = (byte)(value >> 8);
        head[2] = (byte)(value >> 16);
    }
}
