using System.Diagnostics;
using System.IO.Compression;
using Harmonia.Cache.Http;

namespace Harmonia.Cache.Sending;

/// <summary>Brotli and gzip of the base class library, at their fastest level.</summary>
internal sealed class StreamEncoder(ContentCoding coding, EncoderOutput output) : IEncoder
{
    private readonly Stream _stream = coding switch
    {
        ContentCoding.Brotli => new BrotliStream(output, CompressionLevel.Fastest, leaveOpen: true),
        ContentCoding.Gzip => new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true),
        _ => throw new UnreachableException($"{coding} is not encoded by a stream."),
    };

    public void Encode(ReadOnlySpan<byte> source) => _stream.Write(source);

    // These streams write the end when they are disposed, and only once.
    public void End() => _stream.Dispose();

    public void Dispose()
    {
        output.Cut();
        _stream.Dispose();
    }
}
