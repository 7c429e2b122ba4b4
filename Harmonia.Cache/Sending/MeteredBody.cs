using System.Diagnostics;
using System.IO.Pipelines;
using Harmonia.Cache.Http;
using Harmonia.Cache.Transport;
using Microsoft.AspNetCore.Http.Features;

namespace Harmonia.Cache.Sending;

/// <summary>
/// The body of a response in front of Kestrel's: it notes when the first bytes were sent and how many there were, and each piece is watched.
/// There is one for each request, since code of one request must never write into the response to another.
/// </summary>
public sealed class MeteredBody : PipeWriter, IHttpResponseBodyFeature
{
    private readonly IHttpResponseBodyFeature _feature;
    private readonly PipeWriter _inner;
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly CacheRequest _request;
    private readonly SocketOutput? _output;
    private readonly SendRateLimit _limit;
    private long _head;
    private long _written;
    private long _flushed;

    private MeteredBody(CacheRequest request, IHttpResponseBodyFeature feature, SocketOutput? output, SendRateLimit limit) =>
        (_request, _feature, _inner, _output, _limit) = (request, feature, feature.Writer, output, limit);

    /// <summary>Bytes of the body that were sent, or will be.</summary>
    public long Bytes => Math.Max(0, _written - (_output?.DroppedBytes ?? 0));

    /// <summary>From the request to the head of the response; to now while there is none.</summary>
    public TimeSpan UntilHead => _head == 0 ? Elapsed : Stopwatch.GetElapsedTime(_started, _head);

    /// <summary>Since the request came.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_started);

    /// <inheritdoc/>
    public Stream Stream => AsStream(leaveOpen: true);

    /// <inheritdoc/>
    public PipeWriter Writer => this;

    /// <inheritdoc/>
    public override bool CanGetUnflushedBytes => _inner.CanGetUnflushedBytes;

    /// <inheritdoc/>
    public override long UnflushedBytes => _inner.UnflushedBytes;

    /// <summary>Puts one before the body of the response to a request that has just come.</summary>
    public static MeteredBody Attach(HttpContext context, CacheRequest request, SendRateLimit limit)
    {
        MeteredBody body = new(
            request, context.Features.GetRequiredFeature<IHttpResponseBodyFeature>(), context.Features.Get<SocketOutput>(), limit);
        context.Features.Set<IHttpResponseBodyFeature>(body);
        return body;
    }

    /// <summary>Removes it again.</summary>
    public void Detach(HttpContext context) => context.Features.Set(_feature);

    /// <inheritdoc/>
    public override Memory<byte> GetMemory(int sizeHint = 0) => _inner.GetMemory(sizeHint);

    /// <inheritdoc/>
    public override Span<byte> GetSpan(int sizeHint = 0) => _inner.GetSpan(sizeHint);

    /// <inheritdoc/>
    public override void Advance(int bytes)
    {
        _written += bytes;
        _inner.Advance(bytes);
    }

    /// <inheritdoc/>
    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        NoteHead();
        return WatchAsync(_inner.FlushAsync(cancellationToken));
    }

    /// <inheritdoc/>
    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        NoteHead();
        _written += source.Length;
        return WatchAsync(_inner.WriteAsync(source, cancellationToken));
    }

    /// <inheritdoc/>
    public override void CancelPendingFlush() => _inner.CancelPendingFlush();

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null) => _inner.Complete(exception);

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken = default)
    {
        NoteHead();
        return _feature.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        SendFileFallback.SendFileAsync(Stream, path, offset, count, cancellationToken);

    /// <inheritdoc/>
    public Task CompleteAsync() => _feature.CompleteAsync();

    /// <inheritdoc/>
    public void DisableBuffering() => _feature.DisableBuffering();

    private ValueTask<FlushResult> WatchAsync(ValueTask<FlushResult> flush)
    {
        long piece = _written - _flushed;
        _flushed = _written;
        return _limit.WatchAsync(_request, flush, piece, _output);
    }

    private void NoteHead()
    {
        if (_head == 0)
            _head = Stopwatch.GetTimestamp();
    }
}
