using Harmonia.Cache.Http;

namespace Harmonia.Cache.Sending;

/// <summary>A body that is being compressed. Whoever began it disposes it, which gives back its places and counts its bytes.</summary>
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

    /// <summary>Bytes taken so far.</summary>
    public long InputBytes { get; private set; }

    /// <summary>Bytes that came out so far.</summary>
    public long OutputBytes => _output.Count;

    /// <summary>Takes the next bytes.</summary>
    public void Encode(ReadOnlySpan<byte> source)
    {
        _encoder.Encode(source);
        InputBytes += source.Length;
    }

    /// <summary>Writes the end, without which a client takes the body for cut off.</summary>
    public void End() => _encoder.End();

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _ended, null) is not { } ended)
            return;
        _encoder.Dispose();
        ended(this);
    }
}
