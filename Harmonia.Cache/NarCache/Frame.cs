using System.Diagnostics;
using Harmonia.Cache.Sending;
using Harmonia.Protocol.Nar;

namespace Harmonia.Cache.NarCache;

/// <summary>A part of a NAR and its zstd frame. Its owner disposes it.</summary>
internal sealed class Frame : IDisposable
{
    private readonly Action _inputReleased;
    private readonly int _outputLength;
    private readonly FrameBuffer _output;
    private FrameBuffer? _input;

    private Frame(FrameBuffer input, FrameBuffer output, int outputLength, Action inputReleased) =>
        (_input, _output, _outputLength, _inputReleased) = (input, output, outputLength, inputReleased);

    /// <summary>The bytes of the NAR; empty after <see cref="ReleaseInput"/>.</summary>
    public ReadOnlySpan<byte> Input => _input is { } input ? input.Span : default;

    /// <summary>The compressed bytes, a whole frame.</summary>
    public ReadOnlySpan<byte> Output => _output.Span[.._outputLength];

    /// <summary>Reads and compresses. Blocks.</summary>
    /// <param name="source">The NAR.</param>
    /// <param name="number">The number of the frame, from 0.</param>
    /// <param name="level">The level of zstd.</param>
    /// <param name="inputReleased">Called once, when the memory of the input is free.</param>
    public static Frame Make(NarSource source, int number, int level, Action inputReleased)
    {
        int length = FrameLayout.LengthOf(number, source.Size);
        FrameBuffer input = new(length);
        FrameBuffer? output = null;
        try
        {
            using (NarIndexReader reader = source.Open())
                NarSource.Fill(reader, FrameLayout.OffsetOf(number), input.Span);
            // Only the pages that are written to take memory, so room for the worst case costs nothing.
            output = new FrameBuffer(ZstdContext.MaxFrameLength(length));
            return new Frame(input, output, Compress(input.Span, output.Span, level), inputReleased);
        }
        catch
        {
            input.Dispose();
            output?.Dispose();
            throw;
        }
    }

    /// <summary>Compresses into one frame and returns its length.</summary>
    /// <param name="source">The whole input.</param>
    /// <param name="destination">Has room for <see cref="ZstdContext.MaxFrameLength"/> bytes.</param>
    /// <param name="level">The level of zstd.</param>
    public static int Compress(ReadOnlySpan<byte> source, Span<byte> destination, int level)
    {
        // Each frame gets a new context. An earlier frame must have no influence on the bytes of a later one.
        using ZstdContext context = new();
        context.Begin(new ZstdParameters(level, WindowLog: 0, LongDistanceMatching: false), source.Length);
        if (!context.Compress(source, destination, isEnd: true, out _, out int written))
            throw new UnreachableException("The room for a frame is too small.");
        return written;
    }

    /// <summary>Frees the memory of the input.</summary>
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
