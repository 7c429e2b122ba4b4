using Harmonia.Protocol.Client;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Handshake;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Client;

/// <summary>Requests, replies, and when a connection is in step.</summary>
public sealed class DaemonClientTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly StorePath Path = FakeStore.PathOf(FakeStore.Hash(1));

    [Test]
    public async Task An_answered_question_leaves_the_connection_in_step()
    {
        await using FakeDaemon daemon = FakeDaemon.Started();
        using DaemonClient client = await daemon.Connector().ConnectAsync(None);

        Assert.That(await client.QueryPathInfoAsync(Path, None), Is.EqualTo(FakeStore.InfoOf(Path)));
        Assert.That(client.IsInStep);
    }

    [Test]
    public async Task An_error_leaves_the_connection_in_step()
    {
        await using FakeDaemon daemon = Answering(session => session.Say(
            new StderrMessage.Failure(new RemoteError { Message = "path is not valid", Traces = ["while asking"] })));
        using DaemonClient client = await daemon.Connector().ConnectAsync(None);

        RemoteErrorException? exception = await Assert.ThrowsAsync<RemoteErrorException>(() => client.EnsurePathAsync(Path, None));

        Assert.That(exception!.Error.Traces, Is.EqualTo(new[] { "while asking" }));
        Assert.That(client.IsInStep);
    }

    [Test]
    public async Task An_error_followed_by_more_bytes_is_reported_and_the_connection_is_out_of_step()
    {
        StderrMessage.Failure no = new(new RemoteError { Message = "not in the store" });
        await using FakeDaemon daemon = Answering(session =>
        {
            session.Say(no);
            session.Say(no);
        });
        using DaemonClient client = await daemon.Connector().ConnectAsync(None);

        Assert.That(() => client.EnsurePathAsync(Path, None), Throws.TypeOf<RemoteErrorException>().With.Message.EqualTo("not in the store"));
        Assert.That(client.IsInStep, Is.False);
    }

    [Test]
    public async Task What_the_daemon_reports_before_its_reply_is_skipped()
    {
        StderrMessage[] said =
        [
            new StderrMessage.Next("one\n"),
            new StderrMessage.StartActivity(5, LogLevel.Info, ActivityType.Unknown, "building", [], 0),
            new StderrMessage.StopActivity(5),
        ];
        await using FakeDaemon daemon = Answering(session =>
        {
            foreach (StderrMessage message in said)
                session.Say(message);
            session.SayLast();
            session.Writer.WriteBool(true);
        });
        using DaemonClient client = await daemon.Connector().ConnectAsync(None);

        Assert.That(await client.IsValidPathAsync(Path, None));
        Assert.That(client.IsInStep);
    }

    [Test]
    public async Task A_cancelled_question_leaves_the_connection_out_of_step_and_no_other_can_follow()
    {
        await using FakeDaemon daemon = Answering(_ => { });
        using DaemonClient client = await daemon.Connector().ConnectAsync(None);
        using CancellationTokenSource giveUp = new();
        Task question = client.IsValidPathAsync(Path, giveUp.Token);

        await giveUp.CancelAsync();

        Assert.That(async () => await question.InTime(), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(client.IsInStep, Is.False);
        Assert.That(() => client.IsValidPathAsync(Path, None), Throws.InvalidOperationException);
    }

    [Test]
    public async Task A_question_that_is_cancelled_before_it_is_sent_leaves_the_connection_in_step()
    {
        await using FakeDaemon daemon = FakeDaemon.Started();
        using DaemonClient client = await daemon.Connector().ConnectAsync(None);

        Assert.That(() => client.IsValidPathAsync(Path, new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(await client.IsValidPathAsync(Path, None));
    }

    [Test]
    public async Task A_request_that_cannot_be_written_leaves_the_connection_in_step()
    {
        await using FakeDaemon daemon = FakeDaemon.Started();
        using DaemonClient client = await daemon.Connector().ConnectAsync(None);
        ClientOptions options = new() { Overrides = new Dictionary<string, string> { ["x"] = "\ud800" } };

        Assert.That(() => client.SetOptionsAsync(options, None), Throws.InstanceOf<ArgumentException>());
        Assert.That(await client.IsValidPathAsync(Path, None));
    }

    [Test]
    public async Task Two_questions_at_once_are_refused()
    {
        await using FakeDaemon daemon = Answering(_ => { });
        using DaemonClient client = await daemon.Connector().ConnectAsync(None);
        using CancellationTokenSource giveUp = new();
        Task first = client.IsValidPathAsync(Path, giveUp.Token);

        Assert.That(() => client.IsValidPathAsync(Path, None), Throws.InvalidOperationException);
        await giveUp.CancelAsync();
        Assert.That(async () => await first.InTime(), Throws.InstanceOf<OperationCanceledException>());
    }

    private static IEnumerable<TestCaseData> BrokenReplies()
    {
        yield return new TestCaseData((FakeSession session) => session.Writer.WriteUInt64(0x1234)).SetName("Unknown_tag_breaks_the_connection");
        yield return new TestCaseData((FakeSession session) => session.Say(new StderrMessage.Read(10)))
            .SetName("A_daemon_that_wants_data_breaks_the_connection");
        yield return new TestCaseData((FakeSession session) =>
        {
            session.SayLast();
            session.Writer.WriteUInt64(1);
            session.Writer.WriteUInt64(ulong.MaxValue);
        }).SetName("A_string_longer_than_any_path_breaks_the_connection");
        yield return new TestCaseData((FakeSession session) =>
        {
            session.SayLast();
            session.Writer.WriteBool(false);
            session.Writer.WriteBool(false);
        }).SetName("Bytes_after_the_reply_break_the_connection");
    }

    [TestCaseSource(nameof(BrokenReplies))]
    public async Task Broken_reply(Action<FakeSession> answer)
    {
        await using FakeDaemon daemon = Answering(answer);
        using DaemonClient client = await daemon.Connector().ConnectAsync(None);

        Assert.That(() => client.QueryPathInfoAsync(Path, None), Throws.TypeOf<WireException>());
        Assert.That(client.IsInStep, Is.False);
    }

    [Test]
    public async Task Operations_an_old_daemon_does_not_know_are_not_sent()
    {
        await using FakeDaemon daemon = new()
        {
            Handshake = new ServerHandshakeOptions { Version = new ProtocolVersion(1, 18), NixVersion = "2.0", Trust = Trust.Unknown },
        };
        daemon.Start();
        using DaemonClient client = await daemon.Connector().ConnectAsync(None);
        DrvOutput output = new($"sha256:{new string('0', 64)}", "out");

        Assert.That(() => client.QueryRealisationAsync(output, None), Throws.TypeOf<NotSupportedException>());
        Assert.That(() => client.QueryRealisationAsync(new BuildTraceKey(Path, "out"), None), Throws.TypeOf<NotSupportedException>());
        Assert.That(await client.IsValidPathAsync(Path, None));
    }

    [Test]
    public async Task An_output_is_requested_by_derivation_path_if_the_daemon_uses_those()
    {
        UnkeyedRealisation realisation = new() { OutPath = Path, Signatures = ["key:c2ln"] };
        BuildTraceKey? asked = null;
        await using FakeDaemon daemon = new(async (session, token) =>
        {
            Assert.That(await session.ReadOperationAsync(token), Is.EqualTo(Operation.QueryRealisation));
            asked = await BuildTraceKeyCodec.ReadAsync(session.Reader, session.Context, token);
            session.SayLast();
            UnkeyedRealisationCodec.WriteOptional(session.Writer, session.Context, realisation);
            await session.Writer.FlushAsync(token);
        })
        {
            Handshake = new ServerHandshakeOptions
            {
                Features = new FeatureSet([ProtocolFeatures.RealisationWithPathNotHash]),
                NixVersion = "2.35.2",
                Trust = Trust.NotTrusted,
            },
        };
        daemon.Start();
        using DaemonClient client = await daemon.Connector().ConnectAsync(None);
        BuildTraceKey key = new(StorePath.Parse($"{FakeStore.Hash(2)}-x.drv"), "out");

        Assert.That(await client.QueryRealisationAsync(key, None), Is.EqualTo(realisation));
        Assert.That(asked, Is.EqualTo(key));
        Assert.That(
            () => client.QueryRealisationAsync(new DrvOutput($"sha256:{new string('0', 64)}", "out"), None),
            Throws.TypeOf<NotSupportedException>());
    }

    /// <summary>A daemon that reads one request about a path, sends a given reply, and then nothing.</summary>
    private static FakeDaemon Answering(Action<FakeSession> answer) => FakeDaemon.Started(async (session, token) =>
    {
        await session.ReadOperationAsync(token);
        await session.ReadPathAsync(token);
        answer(session);
        await session.Writer.FlushAsync(token);
        await FakeSession.NeverAsync(token);
    });
}
