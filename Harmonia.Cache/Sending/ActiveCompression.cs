using Harmonia.Cache.Http;

namespace Harmonia.Cache.Sending;

/// <summary>A body that is being compressed. The caller who began it disposes it, which frees its places and counts its bytes.</summary>
public sealed class ActiveCompression : IDisposable
{
    private readonly IEncoder _encoder;
    private readonly EncoderOutput _output;
    private Action<ActiveCompression>? _ended;

    internal ActiveCompression(ContentCoding coding, IEncoder encoder, EncoderOutput output, Action<ActiveCompression> ended)
    {
        Coding = coding;
        (_encoder, _output, _ended) = (encoder, output, ended);
    }

    public ContentCoding Coding { get; }

    /// <summary>How many bytes were compressed so far.</summary>
    public long InputBytes { get; private set; }

    /// <summary>How many compressed bytes were written so far.</summary>
    public long OutputBytes => _output.Count;

    /// <summary>Compresses the next bytes.</summary>
    public void Encode(ReadOnlySpan<byte> source)
    {
        _encoder.Encode(source);
        InputBytes += source.Length;
    }

    /// <summary>Writes the end. Without it a client sees a body that was cut off.</summary>
    public void End() => _encoder.End();

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _ended, null) is not { } ended)
            return;
        _encoder.Dispose();
        ended(this);
    }
}
