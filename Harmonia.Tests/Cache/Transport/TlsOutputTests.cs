using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Harmonia.Cache.Transport;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Transport;

/// <summary>The output of a connection with TLS by itself, between the two ends of a socket.</summary>
public sealed class TlsOutputTests
{
    private Socket _near = null!;
    private Socket _far = null!;
    private Pipe _originalEncrypted = null!;
    private Pipe _original = null!;
    private SslStream _server = null!;
    private SslStream _client = null!;
    private AbortableConnection _connection = null!;
    private SocketOutput _encrypted = null!;
    private TlsOutput _output = null!;

    [SetUp]
    public async Task ConnectAsync()
    {
        using Socket listener = new(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        _far = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await _far.ConnectAsync(listener.LocalEndPoint!);
        _near = await listener.AcceptAsync();
        NetworkStream input = new(_near);
        _near.Blocking = false;
        _connection = new AbortableConnection();
        _originalEncrypted = new Pipe();
        _original = new Pipe();
        _encrypted = new SocketOutput(_connection, _near, _originalEncrypted.Writer);
        _server = new SslStream(new TwoStreams(input, _encrypted.AsStream()));
        Task<SslStream> client = SelfSignedCertificate.AuthenticateAsync(new NetworkStream(_far));
        await _server.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions { ServerCertificateContext = SelfSignedCertificate.Make().Context }).InTime();
        _client = await client;
        _encrypted.DefersWaiting = true;
        _output = new TlsOutput(_connection, _server, _encrypted, _original.Writer);
    }

    [TearDown]
    public async Task DisconnectAsync()
    {
        await _output.CompleteAsync();
        await _encrypted.CompleteAsync();
        await _server.DisposeAsync();
        await _client.DisposeAsync();
        await _connection.DisposeAsync();
        _near.Dispose();
        _far.Dispose();
    }

    [Test]
    public async Task A_flush_waits_for_a_reader_and_loses_nothing()
    {
        byte[] sent = RandomBytes(16 * 1024 * 1024);
        for (int at = 0; at < sent.Length; at += sent.Length / 4)
            _output.Write(sent.AsSpan(at, sent.Length / 4));
        Assert.That(_output.UnflushedBytes, Is.EqualTo(sent.Length));

        Task<FlushResult> flush = _output.FlushAsync().AsTask();
        Assert.That(flush.IsCompleted, Is.False);
        Assert.That(_output.UnflushedBytes, Is.Positive, "what waits in the output of the socket");
        byte[] received = new byte[sent.Length];
        await _client.ReadExactlyAsync(received).AsTask().InTime();

        Assert.That((await flush.InTime()).IsCompleted, Is.False);
        Assert.That(received.AsSpan().SequenceEqual(sent));
        Assert.That(_output.UnflushedBytes, Is.Zero);
    }

    [Test]
    public async Task Small_responses_go_out_with_their_flush()
    {
        byte[] received = new byte[5];
        for (int count = 0; count < 100; count++)
        {
            _output.Write("hello"u8);
            Assert.That(_output.FlushAsync().AsTask().IsCompletedSuccessfully);

            await _client.ReadExactlyAsync(received).AsTask().InTime();
            Assert.That(received, Is.EqualTo("hello"u8.ToArray()));
        }
    }

    [Test]
    public async Task A_client_that_has_gone_completes_the_flush_and_ends_the_connection()
    {
        _output.Write(RandomBytes(16 * 1024 * 1024));
        Task<FlushResult> flush = _output.FlushAsync().AsTask();
        _far.LingerState = new LingerOption(enable: true, seconds: 0);
        _far.Dispose();

        Assert.That((await flush.InTime()).IsCompleted);
        Assert.That((await _output.WriteAsync("more"u8.ToArray())).IsCompleted);
        Assert.That(_output.UnflushedBytes, Is.Zero);
        await Patience.UntilAsync(() => _connection.ConnectionClosed.IsCancellationRequested);
    }

    [Test]
    public async Task A_flush_after_TLS_has_ended_completes_and_ends_the_connection()
    {
        await _server.DisposeAsync();
        _output.Write("late"u8);

        Assert.That((await _output.FlushAsync()).IsCompleted);
        await Patience.UntilAsync(() => _connection.ConnectionClosed.IsCancellationRequested);
    }

    [Test]
    public async Task What_was_never_flushed_is_sent_when_the_connection_is_completed()
    {
        _output.Write("tail"u8);

        await _output.CompleteAsync();

        byte[] received = new byte[4];
        await _client.ReadExactlyAsync(received).AsTask().InTime();
        Assert.That(received, Is.EqualTo("tail"u8.ToArray()));
    }

    private static byte[] RandomBytes(int length)
    {
        byte[] bytes = new byte[length];
        new Random(1).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Reads from one stream and writes to another, as Kestrel's TLS does.</summary>
    private sealed class TwoStreams(Stream input, Stream output) : Stream
    {
        public override bool CanRead => true;

        public override bool CanWrite => true;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => input.Read(buffer, offset, count);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            input.ReadAsync(buffer, cancellationToken);

        public override void Write(byte[] buffer, int offset, int count) => output.Write(buffer, offset, count);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            output.WriteAsync(buffer, cancellationToken);

        public override void Flush()
        {
            // SocketOutput sends what it is given.
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
