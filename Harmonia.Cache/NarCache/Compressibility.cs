using Harmonia.Cache.Interop;
using Harmonia.Protocol.Nar;

namespace Harmonia.Cache.NarCache;

/// <summary>Whether compressing a NAR is worth anything.</summary>
internal static class Compressibility
{
    // Sixteen pieces all over the NAR tell more than its beginning, which has text even where the rest is packed.
    private const int Samples = 16;
    private const int SampleLength = 64 * 1024;

    // What a client saves by fewer bytes, it loses by unpacking them.
    private const double LeastGain = 0.05;

    /// <summary>Looks at pieces of the NAR, always the same ones. Blocks, for some 3 ms at the most.</summary>
    public static bool IsLacking(NarSource source, int level)
    {
        byte[] piece = new byte[SampleLength];
        byte[] compressed = new byte[(int)LibZstd.Bound(SampleLength)];
        long input = 0;
        long output = 0;
        using NarIndexReader reader = source.Open();
        long step = Math.Max(SampleLength, (source.Size - SampleLength) / (Samples - 1));
        for (long offset = 0; offset < source.Size; offset += step)
        {
            Span<byte> sample = piece.AsSpan(0, (int)Math.Min(SampleLength, source.Size - offset));
            NarSource.Fill(reader, offset, sample);
            input += sample.Length;
            output += Frame.Compress(sample, compressed, level);
        }

        return output > input * (1 - LeastGain);
    }
}
