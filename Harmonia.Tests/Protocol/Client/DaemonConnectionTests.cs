using System.Buffers.Binary;
using System.Net.Sockets;
using Harmonia.Protocol.Client;
using Harmonia.Protocol.Messages.Handshake;
using Harmonia.Tests.Support;
using NUnit.Framework;
using NUnit.Framework.Constraints;

namespace Harmonia.Tests.Protocol.Client;

/// <summary>A daemon that closes a connection is the same case, however its client notices it.</summary>
public sealed class DaemonConnectionTests
{
    // The client's magic and version.
    private const int GreetingLength = 16;

    private TemporaryDirectory _directory = null!;
    private Socket _client = null!;
    private Socket _daemon = null!;

    private static Constraint IsRefusal =>
        Throws.TypeOf<DaemonRefusedException>().With.Message.EqualTo("it closed the connection without a word.");

    private static Constraint IsBreach =>
        Throws.TypeOf<DaemonUnavailableException>().With.Message.EqualTo("it closed the connection during the handshake.");

    [SetUp]
    public async Task Connect()
    {
        _directory = new TemporaryDirectory();
        _client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(_directory["socket"]));
        listener.Listen();
        await _client.ConnectAsync(new UnixDomainSocketEndPoint(_directory["socket"]));
        _daemon = await listener.AcceptAsync();
    }

    [TearDown]
    public void Close()
    {
        _client.Dispose();
        _daemon.Dispose();
        _directory.Dispose();
    }

    [Test]
    public void The_end_of_the_stream_before_the_greeting_is_a_refusal()
    {
        _daemon.Shutdown(SocketShutdown.Send);

        Assert.That(OpenAsync, IsRefusal.With.InnerException.InnerException.TypeOf<EndOfStreamException>());
    }

    [Test]
    public void A_broken_pipe_before_the_greeting_is_a_refusal()
    {
        _daemon.Close(0);

        Assert.That(OpenAsync, IsRefusal.With.InnerException.InnerException.Property("SocketErrorCode").EqualTo(SocketError.Shutdown));
    }

    [Test]
    public async Task A_reset_before_the_greeting_is_a_refusal()
    {
        Task opening = OpenAsync();
        await Patience.UntilAsync(() => _daemon.Available == GreetingLength);
        _daemon.Close(0);

        Assert.That(() => opening, IsRefusal.With.InnerException.InnerException.Property("SocketErrorCode").EqualTo(SocketError.ConnectionReset));
    }

    [Test]
    public void The_end_of_the_stream_after_the_greeting_is_not_a_refusal()
    {
        Greet();
        _daemon.Shutdown(SocketShutdown.Send);

        Assert.That(OpenAsync, IsBreach.With.InnerException.InnerException.TypeOf<EndOfStreamException>());
    }

    [Test]
    public async Task A_reset_after_the_greeting_is_not_a_refusal()
    {
        Task opening = OpenAsync();
        Greet();
        await Patience.UntilAsync(() => _daemon.Available > GreetingLength);
        _daemon.Close(0);

        Assert.That(() => opening, IsBreach.With.InnerException.InnerException.Property("SocketErrorCode").EqualTo(SocketError.ConnectionReset));
    }

    private void Greet()
    {
        byte[] greeting = new byte[GreetingLength];
        BinaryPrimitives.WriteUInt64LittleEndian(greeting, HandshakeLayout.ServerMagic);
        BinaryPrimitives.WriteUInt64LittleEndian(greeting.AsSpan(sizeof(ulong)), 0x126);
        _daemon.Send(greeting);
    }

    private Task OpenAsync() => DaemonConnection.OpenAsync(
        _client,
        new DaemonConnectorOptions { SocketPath = _directory["socket"] },
        new ClientHandshakeOptions(),
        CancellationToken.None).InTime();
}
