using Harmonia.Cache.Interop;
using Harmonia.Protocol.Nar;

namespace Harmonia.Cache.NarCache;

/// <summary>A part of a NAR, and the zstd frame that was made of it.</summary>
internal sealed class Frame : IDisposable
{
    private readonly Action _inputReleased;
    private readonly int _outputLength;
    private readonly NativeBuffer _output;
    private NativeBuffer? _input;

    private Frame(NativeBuffer input, NativeBuffer output, int outputLength, Action inputReleased) =>
        (_input, _output, _outputLength, _inputReleased) = (input, output, outputLength, inputReleased);

    /// <summary>The bytes of the NAR; none after their release.</summary>
    public ReadOnlySpan<byte> Input => _input is { } input ? input.Span : default;

    /// <summary>The compressed bytes: a whole frame.</summary>
    public ReadOnlySpan<byte> Output => _output.Span[.._outputLength];

    /// <summary>Reads and compresses. Blocks.</summary>
    /// <param name="source">The NAR.</param>
    /// <param name="number">Which frame, from 0.</param>
    /// <param name="level">Of zstd.</param>
    /// <param name="inputReleased">Called once, when the input's memory is free.</param>
    public static Frame Make(NarSource source, int number, int level, Action inputReleased)
    {
        int length = FrameLayout.LengthOf(number, source.Size);
        NativeBuffer input = new(length);
        NativeBuffer? output = null;
        try
        {
            using (NarIndexReader reader = source.Open())
                NarSource.Fill(reader, FrameLayout.OffsetOf(number), input.Span);
            // Only what is written to takes memory, so the room for the worst case costs nothing.
            output = new NativeBuffer((int)LibZstd.Bound((nuint)length));
            return new Frame(input, output, Compress(input.Span, output.Span, level), inputReleased);
        }
        catch
        {
            input.Dispose();
            output?.Dispose();
            throw;
        }
    }

    /// <summary>Compresses into one frame; returns its length.</summary>
    /// <param name="source">All of the input.</param>
    /// <param name="destination">Has <see cref="LibZstd.Bound"/> bytes.</param>
    /// <param name="level">Of zstd.</param>
    public static int Compress(ReadOnlySpan<byte> source, Span<byte> destination, int level)
    {
        // A new context each time: what one has compressed before must have no influence on bytes that are to be the same for ever.
        using ZstdContext context = LibZstd.NewContext();
        LibZstd.Begin(context, new ZstdParameters(level, WindowLog: 0, LongDistanceMatching: false), source.Length);
        if (!LibZstd.Compress(context, source, destination, isEnd: true, out _, out int written))
            throw new ZstdException("a frame needs more room than it may");
        return written;
    }

    /// <summary>The input has done its part.</summary>
    public void ReleaseInput()
    {
        if (_input is null)
            return;
        _input.Dispose();
        _input = null;
        _inputReleased();
    }

    public void Dispose()
    {
        ReleaseInput();
        _output.Dispose();
    }
}
