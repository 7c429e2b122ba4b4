using System.Buffers;
using Harmonia.Cache.Configuration;
using Harmonia.Cache.Http;
using Harmonia.Cache.Limits;
using Harmonia.Cache.Metrics;

namespace Harmonia.Cache.Sending;

/// <summary>Begins compressions, at most as many at once as the configuration allows.</summary>
public sealed class Compressor : IDisposable
{
    // Browsers need not accept a window above 8 MiB (RFC 9659). This smaller one keeps contexts small.
    private const int TextWindowLog = 21;

    private readonly CacheOptions _options;
    private readonly CompressionMetrics _metrics;
    private readonly ZstdContextPool _contexts = new();
    private readonly ConcurrencyLimit _all;
    private readonly LongDistanceWindows _longDistance;

    /// <param name="options">The limits and the parameters of zstd.</param>
    /// <param name="metrics">Count each compression.</param>
    public Compressor(CacheOptions options, CompressionMetrics metrics)
    {
        (_options, _metrics) = (options, metrics);
        _all = new ConcurrencyLimit(options.MaxCompressions);
        _longDistance = new LongDistanceWindows((long)options.Workers * options.Zstd.MaxLongDistanceEncoders, options.Zstd.MaxLongDistanceMemory);
    }

    /// <summary>Begins to compress a body; null at the limit.</summary>
    /// <param name="coding">One of those offered for it.</param>
    /// <param name="body">The body.</param>
    /// <param name="output">Gets the compressed bytes.</param>
    public ActiveCompression? TryBegin(ContentCoding coding, Representation body, IBufferWriter<byte> output)
    {
        if (!_all.TryTake())
            return null;
        LongDistanceWindow? window = null;
        try
        {
            EncoderOutput encoded = new(output);
            IEncoder encoder;
            if (coding == ContentCoding.Zstd)
            {
                ZstdParameters parameters = ParametersFor(body, out window);
                encoder = new ZstdEncoder(_contexts, parameters, body.Size, encoded);
            }
            else
            {
                encoder = new StreamEncoder(coding, encoded);
            }

            _metrics.Began(ContentCodings.NameOf(coding));
            LongDistanceWindow? held = window;
            return new ActiveCompression(coding, encoder, encoded, compression => Ended(compression, held));
        }
        catch
        {
            Release(window);
            throw;
        }
    }

    public void Dispose() => _contexts.Dispose();

    // A NAR that gets no window for long distance matching is compressed without it, with the small window of the level.
    private ZstdParameters ParametersFor(Representation body, out LongDistanceWindow? window)
    {
        ZstdOptions zstd = _options.Zstd;
        window = null;
        if (body.Kind != BodyKind.Nar)
            return new ZstdParameters(zstd.Level, TextWindowLog, LongDistanceMatching: false);
        if (!zstd.LongDistanceMatching)
            return new ZstdParameters(zstd.Level, zstd.WindowLog, LongDistanceMatching: false);
        window = _longDistance.TryTake(zstd.LongDistanceWindowLog, body.Size);
        return new ZstdParameters(zstd.Level, window?.Log ?? 0, LongDistanceMatching: window is not null);
    }

    private void Ended(ActiveCompression compression, LongDistanceWindow? window)
    {
        _metrics.Ended(ContentCodings.NameOf(compression.Coding), compression.InputBytes, compression.OutputBytes);
        Release(window);
    }

    private void Release(LongDistanceWindow? window)
    {
        if (window is { } held)
            _longDistance.Return(held);
        _all.Release();
    }
}
