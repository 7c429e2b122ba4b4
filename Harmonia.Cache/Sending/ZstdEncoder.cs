namespace Harmonia.Cache.Sending;

/// <summary>Compresses one body into one zstd frame, with a context from a pool.</summary>
internal sealed class ZstdEncoder : IEncoder
{
    private const int Room = 64 * 1024;

    private readonly ZstdContextPool _pool;
    private readonly EncoderOutput _output;
    private readonly ZstdContext _context;

    public ZstdEncoder(ZstdContextPool pool, ZstdParameters parameters, long? size, EncoderOutput output)
    {
        (_pool, _output) = (pool, output);
        _context = pool.Take();
        _context.Begin(parameters, size);
    }

    public void Encode(ReadOnlySpan<byte> source) => Compress(source, isEnd: false);

    public void End() => Compress([], isEnd: true);

    public void Dispose() => _pool.Return(_context);

    private void Compress(ReadOnlySpan<byte> source, bool isEnd)
    {
        bool isDone = false;
        while (!isDone)
        {
            isDone = _context.Compress(source, _output.GetSpan(Room), isEnd, out int consumed, out int written);
            _output.Advance(written);
            source = source[consumed..];
        }
    }
}
