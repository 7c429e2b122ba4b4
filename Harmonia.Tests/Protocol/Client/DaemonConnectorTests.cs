using System.Buffers;
using System.Net.Sockets;
using System.Text;
using Harmonia.Protocol.Client;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Handshake;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Client;

public sealed class DaemonConnectorTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Test]
    public async Task The_result_of_the_negotiation_is_returned()
    {
        await using FakeDaemon daemon = new()
        {
            Handshake = new ServerHandshakeOptions { Version = new ProtocolVersion(1, 35), NixVersion = "2.19.2", Trust = Trust.Trusted },
        };
        daemon.Start();

        using DaemonClient client = await daemon.Connector().ConnectAsync(None);

        Assert.That(client.Version, Is.EqualTo(new ProtocolVersion(1, 35)));
        Assert.That(client.Connection.Handshake.NixVersion, Is.EqualTo("2.19.2"));
        Assert.That(client.Connection.Handshake.Trust, Is.EqualTo(Trust.Trusted));
        Assert.That(client.Features.Names, Is.Empty);
        Assert.That(client.IsInStep);
    }

    [Test]
    public async Task A_feature_both_sides_know_is_used()
    {
        await using FakeDaemon daemon = new()
        {
            Handshake = new ServerHandshakeOptions
            {
                Features = new FeatureSet([ProtocolFeatures.RealisationWithPathNotHash, "something-else"]),
                NixVersion = "2.35.2",
                Trust = Trust.NotTrusted,
            },
        };
        daemon.Start();

        using DaemonClient client = await daemon.Connector().ConnectAsync(None);

        Assert.That(client.Features.Names, Is.EqualTo(new[] { ProtocolFeatures.RealisationWithPathNotHash }));
        Assert.That(client.HasBuildTrace);
    }

    [Test]
    public async Task A_socket_that_does_not_exist_is_named()
    {
        await using FakeDaemon daemon = new();

        Assert.That(() => daemon.Connector().ConnectAsync(None), Throws.TypeOf<DaemonUnavailableException>()
            .With.Message.EqualTo($"The Nix daemon at {daemon.SocketPath} cannot be used: there is no such file."));
    }

    [Test]
    public void A_socket_file_without_a_listener_is_named()
    {
        using TemporaryDirectory directory = new();
        File.WriteAllText(directory["socket"], "");
        DaemonConnector connector = new(new DaemonConnectorOptions { SocketPath = directory["socket"] });

        Assert.That(() => connector.ConnectAsync(None), Throws.TypeOf<DaemonUnavailableException>()
            .With.Message.EqualTo($"The Nix daemon at {directory["socket"]} cannot be used: nothing listens there."));
    }

    [Test]
    public async Task A_socket_with_a_path_longer_than_an_address_may_be_is_reached()
    {
        using TemporaryDirectory directory = new();
        string longName = directory[$"{new string('d', 200)}/{new string('é', 80)}"];
        Directory.CreateDirectory(longName);
        await using FakeDaemon daemon = FakeDaemon.Started();
        File.CreateSymbolicLink($"{longName}/socket", daemon.SocketPath);
        DaemonConnector connector = new(new DaemonConnectorOptions { SocketPath = $"{longName}/socket" });

        using DaemonClient client = await connector.ConnectAsync(None);

        Assert.That(await client.IsValidPathAsync(FakeStore.PathOf(FakeStore.Hash(1)), None));
    }

    [Test]
    public void A_long_path_without_a_socket_is_named()
    {
        string path = $"/tmp/{new string('x', 200)}/socket";
        DaemonConnector connector = new(new DaemonConnectorOptions { SocketPath = path });

        Assert.That(() => connector.ConnectAsync(None), Throws.TypeOf<DaemonUnavailableException>()
            .With.Message.EqualTo($"The Nix daemon at {path} cannot be used: there is no such file."));
    }

    [Test]
    public async Task A_daemon_that_says_nothing_is_given_up()
    {
        FakeTime time = new();
        await using FakeDaemon daemon = new((_, token) => FakeSession.NeverAsync(token)) { Handshake = null };
        daemon.Start();
        Task<DaemonClient> connecting = daemon.Connector(time).ConnectAsync(None);

        time.Advance(TimeSpan.FromSeconds(10));

        Assert.That(async () => await connecting.InTime(), Throws.TypeOf<DaemonUnavailableException>()
            .With.Message.EndsWith("it did not answer within 10 s."));
    }

    [Test]
    public async Task A_caller_may_give_up_first()
    {
        await using FakeDaemon daemon = new((_, token) => FakeSession.NeverAsync(token)) { Handshake = null };
        daemon.Start();
        using CancellationTokenSource giveUp = new();
        Task<DaemonClient> connecting = daemon.Connector().ConnectAsync(giveUp.Token);

        await giveUp.CancelAsync();

        Assert.That(async () => await connecting.InTime(), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task A_daemon_that_closes_without_a_word_has_refused()
    {
        await using FakeDaemon daemon = new((_, _) => Task.CompletedTask) { Handshake = null };
        daemon.Start();

        Assert.That(() => daemon.Connector().ConnectAsync(None), Throws.TypeOf<DaemonRefusedException>()
            .With.Message.EndsWith("it closed the connection without a word."));
    }

    [Test]
    public async Task A_refusal_has_the_words_of_the_daemon()
    {
        await using FakeDaemon daemon = new()
        {
            Handshake = new ServerHandshakeOptions
            {
                NixVersion = "2.34.8",
                Trust = Trust.NotTrusted,
                Refusal = new RemoteError { Message = "user 'eve' is not allowed to connect" },
            },
        };
        daemon.Start();

        Assert.That(() => daemon.Connector().ConnectAsync(None), Throws.TypeOf<DaemonUnavailableException>()
            .With.Message.EndsWith("it refused to serve: user 'eve' is not allowed to connect"));
    }

    [TestCase("HTTP/1.1 400 Bad Request\r\n\r\n")]
    [TestCase("\u0006\u0016\u0000\u0000\u0000\u0000\u0000\u0000")]
    public async Task Something_that_is_not_a_Nix_daemon_is_unavailable(string greeting)
    {
        await using FakeDaemon daemon = new(async (session, token) =>
        {
            session.Writer.Write(Encoding.ASCII.GetBytes(greeting));
            await session.Writer.FlushAsync(token);
            await FakeSession.NeverAsync(token);
        })
        { Handshake = null };
        daemon.Start();

        Assert.That(() => daemon.Connector().ConnectAsync(None), Throws.TypeOf<DaemonUnavailableException>()
            .With.Message.Contains("not a Nix daemon"));
    }

    [Test]
    public async Task A_daemon_that_is_too_old_is_unavailable_and_its_version_named()
    {
        await using FakeDaemon daemon = new(async (session, token) =>
        {
            session.Writer.WriteUInt64(0x6478696f);
            session.Writer.WriteUInt64(0x10f);
            await session.Writer.FlushAsync(token);
            await FakeSession.NeverAsync(token);
        })
        { Handshake = null };
        daemon.Start();

        Assert.That(() => daemon.Connector().ConnectAsync(None), Throws.TypeOf<DaemonUnavailableException>()
            .With.Message.Contains("1.15"));
    }

    [Test]
    public async Task A_daemon_that_goes_on_talking_after_the_handshake_is_unavailable()
    {
        await using FakeDaemon daemon = new(async (session, token) =>
        {
            // What ServerHandshake does, in one write with eight bytes more.
            await session.Reader.ReadExactlyAsync(new byte[16], token);
            session.Writer.WriteUInt64(0x6478696f);
            session.Writer.WriteUInt64(0x112);
            session.SayLast();
            session.Writer.WriteUInt64(1);
            await session.Writer.FlushAsync(token);
            await FakeSession.NeverAsync(token);
        })
        { Handshake = null };
        daemon.Start();

        Assert.That(() => daemon.Connector().ConnectAsync(None), Throws.TypeOf<DaemonUnavailableException>()
            .With.Message.Contains("8 bytes follow the handshake"));
    }

    [Test]
    public async Task A_daemon_with_a_full_queue_is_waited_for()
    {
        using TemporaryDirectory directory = new();
        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(directory["socket"]));
        listener.Listen(0);
        using Socket first = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await first.ConnectAsync(new UnixDomainSocketEndPoint(directory["socket"]));
        FakeTime time = new();
        Task<DaemonClient> connecting =
            new DaemonConnector(new DaemonConnectorOptions { SocketPath = directory["socket"], TimeProvider = time }).ConnectAsync(None);
        Assert.That(time.PendingTimers, Is.EqualTo(2), "One for the timeout and one for the next attempt.");

        using Socket acceptedFirst = await listener.AcceptAsync();
        time.Advance(TimeSpan.FromMilliseconds(10));
        using FakeSession session = new(1, await listener.AcceptAsync(), Harmonia.Protocol.Store.StoreDirectory.Default);
        await session.ShakeHandsAsync(new ServerHandshakeOptions { NixVersion = "2.34.8", Trust = Trust.NotTrusted }, None).InTime();

        using DaemonClient client = await connecting.InTime();
        Assert.That(client.IsInStep);
    }
}
