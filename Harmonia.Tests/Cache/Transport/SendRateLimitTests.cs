using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Harmonia.Cache.Http;
using Harmonia.Cache.Transport;
using Harmonia.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Transport;

public sealed class SendRateLimitTests
{
    private const int Rate = 1000;
    private const long Piece = 256 * Rate;

    // Five minutes, and the time that the piece takes at the lowest rate.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(300 + 256);

    private FakeTime _time = null!;
    private CapturedLog _log = null!;

    [SetUp]
    public void StartLog() => (_time, _log) = (new FakeTime(), new CapturedLog());

    [TearDown]
    public void StopLog() => _log.Dispose();

    [Test]
    public void A_piece_that_is_not_taken_in_time_ends_its_request()
    {
        HttpContext context = Context();
        TaskCompletionSource<FlushResult> flush = new();
        ValueTask<FlushResult> watched = Limited(Rate).WatchAsync(KestrelRequest.Attach(context), new ValueTask<FlushResult>(flush.Task), Piece, output: null);

        _time.Advance(Limit - TimeSpan.FromSeconds(1));
        Assert.That(_log.Entries, Is.Empty);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.That(_log.Entries.Single().EventId, Is.EqualTo(149));
        Assert.That(IsAborted(context));
        Assert.That(watched.IsCompleted, Is.False, "The server ends the flush.");
    }

    [Test]
    public async Task A_client_that_takes_each_piece_in_time_is_never_cut_off()
    {
        HttpContext context = Context();
        for (int piece = 0; piece < 100; piece++)
        {
            TaskCompletionSource<FlushResult> flush = new();
            ValueTask<FlushResult> watched = Limited(Rate).WatchAsync(KestrelRequest.Attach(context), new ValueTask<FlushResult>(flush.Task), Piece, output: null);
            _time.Advance(Limit - TimeSpan.FromSeconds(1));
            flush.SetResult(new FlushResult(isCanceled: false, isCompleted: true));

            Assert.That((await watched).IsCompleted);
        }

        _time.Advance(Limit);
        Assert.That(_log.Entries, Is.Empty);
        Assert.That(IsAborted(context), Is.False);
    }

    [Test]
    public async Task Of_what_a_socket_takes_each_part_has_its_time()
    {
        using Socket listener = new(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using Socket far = new(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await far.ConnectAsync(listener.LocalEndPoint!);
        using Socket near = await listener.AcceptAsync();
        near.Blocking = false;
        Pipe original = new();
        await using AbortableConnection connection = new();
        SocketOutput output = new(connection, near, original.Writer);
        HttpContext context = Context();
        byte[] bytes = new byte[32 * 1024 * 1024];
        Task<FlushResult> watched = Limited(Rate).WatchAsync(KestrelRequest.Attach(context), output.WriteAsync(bytes), bytes.Length, output).AsTask();
        // 256 KiB in the time for 256 KiB, whatever the size of the whole body.
        TimeSpan limit = TimeSpan.FromSeconds(300 + (256 * 1024 / (double)Rate));

        byte[] taken = new byte[1024 * 1024];
        for (int part = 0; part < 5; part++)
        {
            long before = output.UnflushedBytes;
            while (before - output.UnflushedBytes < 256 * 1024)
                Assert.That(await far.ReceiveAsync(taken), Is.Positive);
            _time.Advance(limit);
            Assert.That(_log.Entries, Is.Empty);
        }

        // What the kernel has room for may still go out.
        await Patience.UntilAsync(() =>
        {
            _time.Advance(limit);
            return _log.Entries.Count > 0;
        });
        Assert.That(_log.Entries.First().EventId, Is.EqualTo(149));
        Assert.That(IsAborted(context));
        near.Dispose();
        Assert.That((await watched.InTime()).IsCompleted);
        Assert.That(output.DroppedBytes, Is.Positive.And.LessThan(bytes.Length));
        await Patience.UntilAsync(() => connection.ConnectionClosed.IsCancellationRequested);
    }

    [Test]
    public void Zero_is_no_limit()
    {
        TaskCompletionSource<FlushResult> flush = new();
        ValueTask<FlushResult> watched = Limited(0).WatchAsync(KestrelRequest.Attach(Context()), new ValueTask<FlushResult>(flush.Task), Piece, output: null);

        Assert.That(_time.PendingTimers, Is.Zero);
        Assert.That(watched.IsCompleted, Is.False);
    }

    private SendRateLimit Limited(int rate) => new(rate, _time, _log.For<SendRateLimit>());

    private static DefaultHttpContext Context()
    {
        DefaultHttpContext context = new();
        context.Features.Set<IHttpRequestLifetimeFeature>(new Lifetime());
        return context;
    }

    private static bool IsAborted(HttpContext context) => ((Lifetime)context.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>()).IsAborted;

    private sealed class Lifetime : IHttpRequestLifetimeFeature
    {
        public bool IsAborted { get; private set; }

        public CancellationToken RequestAborted { get; set; }

        public void Abort() => IsAborted = true;
    }
}
