using System.Buffers.Binary;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Handshake;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Wire;
using Harmonia.Tests.Support;
using NUnit.Framework;
using static Harmonia.Tests.Daemon.SampleStore;

namespace Harmonia.Tests.Daemon.Server;

public sealed class ClientSessionTests
{
    private SampleStore _store = null!;
    private SessionHarness _harness = null!;

    [SetUp]
    public void Begin()
    {
        _store = new SampleStore();
        _harness = new SessionHarness(_store);
    }

    [TearDown]
    public async Task EndAsync()
    {
        await _harness.DisposeAsync();
        _store.Dispose();
    }

    [Test]
    public async Task The_oldest_version_of_both_is_spoken([Values((byte)18, (byte)26, (byte)34, (byte)38, (byte)99)] byte minor)
    {
        using SessionClient client = await _harness.ConnectAsync(minor);

        Assert.That(client.Handshake.Version, Is.EqualTo(new ProtocolVersion(1, Math.Min(minor, (byte)38))));
        Assert.That(client.Handshake.PeerVersion, Is.EqualTo(ProtocolVersion.Current));
        Assert.That(client.Handshake.Trust, Is.EqualTo(minor >= 35 ? Trust.Trusted : Trust.Unknown));
    }

    [Test]
    public async Task A_client_that_waits_for_the_answer_to_its_first_word_gets_it()
    {
        byte[] word = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(word, 0x6e697863);
        await _harness.ToDaemon.WriteAsync(word);
        byte[] answer = new byte[16];
        await _harness.FromDaemon.ReadExactlyAsync(answer);

        Assert.That(answer[..4], Is.EqualTo("oixd"u8.ToArray()));
        Assert.That(answer[8..10], Is.EqualTo(new byte[] { 38, 1 }));
    }

    [Test]
    public async Task A_client_that_is_too_old_is_left()
    {
        using WireWriter writer = new(_harness.ToDaemon);
        writer.WriteUInt64(0x6e697863);
        writer.WriteUInt64(0x111);
        await writer.FlushAsync(default);

        await _harness.Ended;
    }

    [Test]
    public async Task A_client_that_does_not_introduce_itself_is_left_after_a_while()
    {
        await _harness.ToDaemon.WriteAsync(new byte[] { 0x63 });
        await Patience.UntilAsync(() => _harness.Time.PendingTimers > 0);
        _harness.Time.Advance(TimeSpan.FromSeconds(10));

        await _harness.Ended;
    }

    [Test]
    public async Task A_request_may_take_its_time()
    {
        using SessionClient client = await _harness.ConnectAsync();
        _harness.Time.Advance(TimeSpan.FromDays(1));

        Assert.That(await client.IsValidPathAsync(Top), Is.True);
    }

    [Test]
    public async Task Requests_may_come_before_the_answers_are_read()
    {
        using SessionClient client = await _harness.ConnectAsync();
        for (int i = 0; i < 100; i++)
        {
            client.Writer.WriteUInt64((uint)Operation.IsValidPath);
            StorePathCodec.Write(client.Writer, client.Context, i % 2 == 0 ? Top : Missing);
        }

        await client.Writer.FlushAsync(default);
        for (int i = 0; i < 100; i++)
        {
            await client.ReadVerdictAsync();
            Assert.That(await client.Reader.ReadBoolAsync(default), Is.EqualTo(i % 2 == 0));
        }
    }

    [TestCase("/elsewhere/02222222222222222222222222222222-top")]
    [TestCase("02222222222222222222222222222222-top")]
    [TestCase("/nix/store/short")]
    [TestCase("/nix/store/02222222222222222222222222222222-top/bin")]
    [TestCase("")]
    public async Task Text_that_is_not_a_store_path_is_refused_and_ends_the_connection(string path)
    {
        using SessionClient client = await _harness.ConnectAsync();

        Assert.That(
            () => client.AskAsync(Operation.IsValidPath, (writer, _) => writer.WriteString(path)), Throws.TypeOf<RemoteErrorException>());
        Assert.That(await client.IsClosedAsync(), Is.True);
    }

    [Test]
    public async Task A_claim_that_is_too_long_is_refused_before_it_is_read()
    {
        using SessionClient client = await _harness.ConnectAsync();

        Assert.That(
            () => client.AskAsync(Operation.IsValidPath, (writer, _) => writer.WriteUInt64(1UL << 40)),
            Throws.TypeOf<RemoteErrorException>().With.Message.Contains("is longer than"));
        Assert.That(await client.IsClosedAsync(), Is.True);
    }

    [Test]
    public async Task A_database_that_is_missing_for_a_while_does_not_end_connections()
    {
        using SessionClient client = await _harness.ConnectAsync();
        File.Move(_store.DatabasePath, _store.DatabasePath + ".away");
        Assert.That(
            () => client.IsValidPathAsync(Top), Throws.TypeOf<RemoteErrorException>().With.Message.Contains(_store.DatabasePath));
        File.Move(_store.DatabasePath + ".away", _store.DatabasePath);

        Assert.That(await client.IsValidPathAsync(Top), Is.True);
    }

    [Test]
    public async Task An_idle_session_ends_when_the_daemon_drains()
    {
        using SessionClient client = await _harness.ConnectAsync();
        _harness.Shutdown.Request();

        Assert.That(await client.IsClosedAsync(), Is.True);
    }

    [Test]
    public async Task A_request_that_has_begun_is_answered_while_the_daemon_drains()
    {
        using SessionClient client = await _harness.ConnectAsync();
        client.Writer.WriteUInt64((uint)Operation.IsValidPath);
        await client.Writer.FlushAsync(default);
        _harness.Shutdown.Request();
        StorePathCodec.Write(client.Writer, client.Context, Top);
        await client.Writer.FlushAsync(default);
        await client.ReadVerdictAsync();

        Assert.That(await client.Reader.ReadBoolAsync(default), Is.True);
        Assert.That(await client.IsClosedAsync(), Is.True);
    }

    [Test]
    public async Task A_request_that_takes_too_long_is_broken_off_when_the_daemon_stops()
    {
        using SessionClient client = await _harness.ConnectAsync();
        client.Writer.WriteUInt64((uint)Operation.IsValidPath);
        await client.Writer.FlushAsync(default);
        _harness.Shutdown.Request();
        _harness.Time.Advance(TimeSpan.FromSeconds(30));

        Assert.That(await client.IsClosedAsync(), Is.True);
    }

    [Test]
    public async Task A_second_signal_breaks_off_at_once()
    {
        using SessionClient client = await _harness.ConnectAsync();
        client.Writer.WriteUInt64((uint)Operation.IsValidPath);
        await client.Writer.FlushAsync(default);
        _harness.Shutdown.Request();
        _harness.Shutdown.Request();

        Assert.That(await client.IsClosedAsync(), Is.True);
    }
}
