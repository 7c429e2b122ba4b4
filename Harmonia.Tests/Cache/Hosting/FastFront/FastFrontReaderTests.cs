using System.IO.Pipelines;
using System.Text;
using Harmonia.Cache.Hosting.FastFront;
using Harmonia.Tests.Support;
using Microsoft.AspNetCore.Connections;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Hosting.FastFront;

/// <summary>The bytes that Kestrel reads, and when it reads them.</summary>
public sealed class FastFrontReaderTests
{
    private static readonly byte[] Hit = "GET /hit HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray();
    private static readonly byte[] Other = "GET /other HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray();

    private Pipe _input = null!;
    private FastFrontReader _reader = null!;
    private int _answered;

    [SetUp]
    public void Start()
    {
        _input = new Pipe(new PipeOptions(readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline));
        _answered = 0;
        _reader = new FastFrontReader(_input.Reader, TryRespond);
    }

    [Test]
    public async Task Requests_with_a_finished_answer_do_not_reach_Kestrel()
    {
        await SendAsync([.. Hit, .. Hit, .. Other]);

        ReadResult result = await ReadAsync();

        Assert.That(Text(result), Is.EqualTo(Encoding.ASCII.GetString(Other)));
        Assert.That(_answered, Is.EqualTo(2));
    }

    [Test]
    public async Task A_head_that_is_not_complete_is_Kestrels_at_once()
    {
        await SendAsync(Hit);
        ValueTask<ReadResult> reading = _reader.ReadAsync();
        await SendAsync(Hit[..10]);

        ReadResult first = await reading.AsTask().InTime();
        _reader.AdvanceTo(first.Buffer.Start, first.Buffer.End);
        await SendAsync(Hit[10..]);
        ReadResult second = await ReadAsync();

        Assert.That(first.Buffer.Length, Is.EqualTo(10));
        Assert.That(Text(second), Is.EqualTo(Encoding.ASCII.GetString(Hit)));
        Assert.That(_answered, Is.EqualTo(1));
    }

    [Test]
    public async Task Kestrel_reads_on_alone_until_it_has_had_a_request()
    {
        await SendAsync(Other);
        ReadResult first = await ReadAsync();
        _reader.AdvanceTo(first.Buffer.End);
        await SendAsync(Hit);
        ReadResult rest = await ReadAsync();
        _reader.AdvanceTo(rest.Buffer.End);

        _reader.ExpectRequest();
        await SendAsync([.. Hit, .. Other]);
        ReadResult next = await ReadAsync();

        Assert.That(Text(rest), Is.EqualTo(Encoding.ASCII.GetString(Hit)), "For all that is known it is a part of a body.");
        Assert.That(Text(next), Is.EqualTo(Encoding.ASCII.GetString(Other)));
        Assert.That(_answered, Is.EqualTo(1));
    }

    [Test]
    public async Task Who_cancels_a_read_has_it_back()
    {
        await SendAsync(Hit);
        ValueTask<ReadResult> reading = _reader.ReadAsync();
        Assert.That(reading.IsCompleted, Is.False);

        _reader.CancelPendingRead();

        Assert.That((await reading.AsTask().InTime()).IsCanceled, Is.True);
    }

    [Test]
    public async Task Bytes_with_the_end_of_the_input_are_left_to_Kestrel()
    {
        await SendAsync(Hit);
        await _input.Writer.CompleteAsync();

        ReadResult result = await ReadAsync();

        Assert.That(result.IsCompleted, Is.True);
        Assert.That(result.Buffer.Length, Is.EqualTo(Hit.Length));
    }

    [Test]
    public async Task A_failure_reaches_Kestrel()
    {
        ValueTask<ReadResult> reading = _reader.ReadAsync();
        await _input.Writer.CompleteAsync(new ConnectionResetException("gone"));

        Assert.That(async () => await reading.AsTask().InTime(), Throws.TypeOf<ConnectionResetException>());
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Kestrel_never_continues_on_a_polling_thread(bool isBetweenRequests)
    {
        if (!isBetweenRequests)
            Assert.That(_reader.TryRead(out _), Is.False);
        // NUnit's synchronization context would always continue on the pool.
        SynchronizationContext.SetSynchronizationContext(null);
        Task<bool> isPoolThread = ReadAndLookAsync();
        Thread poller = new(() => _input.Writer.WriteAsync(Other).AsTask().Wait());
        poller.Start();
        poller.Join();

        Assert.That(isPoolThread.InTime().Result, Is.True);
    }

    private async Task<bool> ReadAndLookAsync()
    {
        await _reader.ReadAsync();
        return Thread.CurrentThread.IsThreadPoolThread;
    }

    private async Task SendAsync(byte[] bytes) => await _input.Writer.WriteAsync(bytes);

    private Task<ReadResult> ReadAsync() => _reader.ReadAsync().AsTask().InTime();

    private static string Text(ReadResult result) => Encoding.ASCII.GetString(result.Buffer);

    private int TryRespond(ReadOnlyMemory<byte> input, out ValueTask sent)
    {
        sent = ValueTask.CompletedTask;
        if (!input.Span.StartsWith(Hit))
            return 0;
        _answered++;
        return Hit.Length;
    }
}
