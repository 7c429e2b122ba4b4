using Harmonia.Cache.Sending;
using Harmonia.Protocol.Nar;

namespace Harmonia.Cache.NarCache;

/// <summary>Decides whether a NAR is worth compressing.</summary>
internal static class Compressibility
{
    // Sixteen pieces from all over the NAR tell more than its beginning, which may be text in front of packed data.
    private const int Samples = 16;
    private const int SampleLength = 64 * 1024;

    // Below this gain, a client spends the time that it saves on unpacking.
    private const double MinGain = 0.05;

    /// <summary>Compresses pieces of the NAR, always the same ones. Blocks for about 3 ms at most.</summary>
    public static bool IsLacking(NarSource source, int level)
    {
        byte[] piece = new byte[SampleLength];
        byte[] compressed = new byte[ZstdContext.MaxFrameLength(SampleLength)];
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

        return output > input * (1 - MinGain);
    }
}
