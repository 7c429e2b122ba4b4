using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Harmonia.Cache.Transport;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Transport;

/// <summary>The output by itself, between two ends of a connection.</summary>
public sealed class SocketOutputTests
{
    private Pipe _original = null!;
    private Socket _near = null!;
    private Socket _far = null!;
    private AbortableConnection _connection = null!;
    private SocketOutput _output = null!;

    [SetUp]
    public async Task ConnectAsync()
    {
        using Socket listener = new(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        _far = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await _far.ConnectAsync(listener.LocalEndPoint!);
        _near = await listener.AcceptAsync();
        _near.Blocking = false;
        _original = new Pipe();
        _connection = new AbortableConnection();
        _output = new SocketOutput(_connection, _near, _original.Writer);
    }

    [TearDown]
    public async Task DisconnectAsync()
    {
        await _output.CompleteAsync();
        await _original.Reader.CompleteAsync();
        await _connection.DisposeAsync();
        _near.Dispose();
        _far.Dispose();
    }

    [Test]
    public async Task A_flush_waits_for_a_reader_and_loses_nothing()
    {
        byte[] sent = new byte[32 * 1024 * 1024];
        new Random(1).NextBytes(sent);

        Task<FlushResult> flush = _output.WriteAsync(sent).AsTask();
        Assert.That(flush.IsCompleted, Is.False);
        byte[] received = new byte[sent.Length];
        await new NetworkStream(_far).ReadExactlyAsync(received).AsTask().InTime();

        Assert.That((await flush.InTime()).IsCompleted, Is.False);
        Assert.That(received, Is.EqualTo(sent));
        Assert.That(_output.UnflushedBytes, Is.Zero);
    }

    [Test]
    public async Task What_was_never_flushed_goes_the_old_way_when_the_connection_is_completed()
    {
        _output.Write("tail"u8);
        Assert.That(_output.UnflushedBytes, Is.EqualTo(4));

        await _output.CompleteAsync();

        ReadResult rest = await _original.Reader.ReadAsync();
        Assert.That(rest.Buffer.ToArray(), Is.EqualTo("tail"u8.ToArray()));
        Assert.That(rest.IsCompleted);
    }

    [Test]
    public async Task A_disconnected_client_completes_the_flush_and_ends_the_connection()
    {
        Task<FlushResult> flush = _output.WriteAsync(new byte[32 * 1024 * 1024]).AsTask();
        _far.LingerState = new LingerOption(enable: true, seconds: 0);
        _far.Dispose();

        Assert.That((await flush.InTime()).IsCompleted);
        Assert.That((await _output.WriteAsync("more"u8.ToArray())).IsCompleted);
        Assert.That(_output.UnflushedBytes, Is.Zero);
        await Patience.UntilAsync(() => _connection.ConnectionClosed.IsCancellationRequested);
    }

    [Test]
    public async Task Completing_a_flush_that_waits_ends_it_without_sending_the_rest()
    {
        Task<FlushResult> flush = _output.WriteAsync(new byte[32 * 1024 * 1024]).AsTask();
        await _output.CompleteAsync();
        _near.Dispose();

        Assert.That((await flush.InTime()).IsCompleted);
        Assert.That(_output.UnflushedBytes, Is.Zero);
    }

    [Test]
    public async Task A_write_that_defers_waiting_leaves_the_rest_to_the_next_flush()
    {
        _output.DefersWaiting = true;
        byte[] sent = new byte[32 * 1024 * 1024];
        new Random(1).NextBytes(sent);

        for (int at = 0; at < sent.Length; at += sent.Length / 8)
            Assert.That(_output.WriteAsync(sent.AsMemory(at, sent.Length / 8)).AsTask().IsCompletedSuccessfully);
        Assert.That(_output.UnflushedBytes, Is.Positive.And.LessThan(sent.Length), "the kernel has taken the first bytes");
        Task<FlushResult> flush = _output.FlushAsync().AsTask();
        byte[] received = new byte[sent.Length];
        await new NetworkStream(_far).ReadExactlyAsync(received).AsTask().InTime();

        Assert.That((await flush.InTime()).IsCompleted, Is.False);
        Assert.That(received.AsSpan().SequenceEqual(sent));
    }

    [Test]
    public async Task A_write_never_overtakes_bytes_that_wait()
    {
        _output.Write("first "u8);

        await _output.WriteAsync("second"u8.ToArray());

        byte[] received = new byte[12];
        await new NetworkStream(_far).ReadExactlyAsync(received).AsTask().InTime();
        Assert.That(received, Is.EqualTo("first second"u8.ToArray()));
    }
}
