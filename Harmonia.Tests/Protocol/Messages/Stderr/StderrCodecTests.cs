using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Wire;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Messages.Stderr;

public sealed class StderrCodecTests
{
    private static readonly StderrMessage Start = new StderrMessage.StartActivity(
        7, LogLevel.Info, ActivityType.Build, "building", ["drv", 5UL], 1);

    [Test]
    public async Task Messages_have_the_layout_of_the_protocol([Values(18, 20, 26, 38)] byte minor)
    {
        ProtocolVersion version = new(1, minor);
        byte[] bytes = StderrSamples.All(version);

        List<StderrMessage> messages = await Codec.ReadAsync(bytes, r => ReadAllAsync(r, version));

        Assert.That(Codec.Write(w => messages.ForEach(message => StderrCodec.Write(w, version, message))), Is.EqualTo(bytes));
    }

    [Test]
    public async Task Fields_stand_in_Nix_order()
    {
        List<StderrMessage> messages = await Codec.ReadAsync(
            StderrSamples.All(ProtocolVersion.Current), r => ReadAllAsync(r, ProtocolVersion.Current));

        Assert.That(messages[0], Is.EqualTo(new StderrMessage.Next("line\n")));
        Assert.That(messages[1], Is.EqualTo(new StderrMessage.Read(4096)));
        Assert.That(((StderrMessage.Write)messages[2]).Data.ToArray(), Is.EqualTo("data"u8.ToArray()));
        Assert.That(messages[3], Is.SameAs(StderrMessage.Last.Instance));
        StderrMessage.StartActivity start = (StderrMessage.StartActivity)messages[4];
        Assert.That(start, Is.EqualTo((StderrMessage.StartActivity)Start with { Fields = start.Fields }));
        Assert.That(start.Fields, Is.EqualTo([new ActivityField(0, "drv"), new ActivityField(5, null)]));
        StderrMessage.Result result = (StderrMessage.Result)messages[5];
        Assert.That(result, Is.EqualTo(new StderrMessage.Result(7, ResultType.BuildLogLine, result.Fields)));
        Assert.That(result.Fields, Is.EqualTo([new ActivityField(0, "output")]));
        Assert.That(messages[6], Is.EqualTo(new StderrMessage.StopActivity(7)));
        RemoteError error = ((StderrMessage.Failure)messages[7]).Error;
        Assert.That(error, Is.EqualTo(new RemoteError { Message = "it failed", Traces = error.Traces }));
        Assert.That(error.Traces, Is.EqualTo(["while this", "while that"]));
    }

    [Test]
    public async Task Error_before_126_has_an_exit_status()
    {
        byte[] bytes = new WireBytes().U64(0x63787470).Text("it failed").U64(100).ToArray();

        StderrMessage message = await Codec.ReadAsync(bytes, r => StderrCodec.ReadAsync(r, new ProtocolVersion(1, 25), default));

        RemoteError error = ((StderrMessage.Failure)message).Error;
        Assert.That(error.Message, Is.EqualTo("it failed"));
        Assert.That(error.ExitStatus, Is.EqualTo(100));
    }

    [Test]
    public void Before_120_an_activity_is_a_line_of_its_text()
    {
        ProtocolVersion old = new(1, 19);
        StderrMessage silent = (StderrMessage.StartActivity)Start with { Text = "" };

        Assert.That(
            Codec.Write(w => StderrCodec.Write(w, old, Start)),
            Is.EqualTo(new WireBytes().U64(0x6f6c6d67).Text("building...\n").ToArray()));
        Assert.That(Codec.Write(w => StderrCodec.Write(w, old, silent)), Is.Empty);
        Assert.That(Codec.Write(w => StderrCodec.Write(w, old, new StderrMessage.StopActivity(7))), Is.Empty);
        Assert.That(Codec.Write(w => StderrCodec.Write(w, old, new StderrMessage.Result(7, ResultType.Progress, []))), Is.Empty);
    }

    [Test]
    public void Unknown_tag_is_refused() => Assert.That(
        async () => await Codec.ReadAsync(
            new WireBytes().U64(0x12345678).ToArray(), r => StderrCodec.ReadAsync(r, ProtocolVersion.Current, default)),
        Throws.TypeOf<WireException>().With.Message.Contains("0x12345678"));

    [Test]
    public void Field_that_is_neither_number_nor_text_is_refused() => Assert.That(
        async () => await Codec.ReadAsync(
            new WireBytes().U64(0x52534c54, 7, 101, 1, 2, 0).ToArray(), r => StderrCodec.ReadAsync(r, ProtocolVersion.Current, default)),
        Throws.TypeOf<WireException>());

    [Test]
    public void Error_of_another_kind_or_with_a_position_is_refused()
    {
        byte[] kind = new WireBytes().U64(0x63787470).Text("Warning").U64(0).Text("", "").U64(0, 0).ToArray();
        byte[] position = new WireBytes().U64(0x63787470).Text("Error").U64(0).Text("", "").U64(1, 0).ToArray();
        byte[] tracePosition = new WireBytes().U64(0x63787470).Text("Error").U64(0).Text("", "").U64(0, 1, 1).Text("").ToArray();

        foreach (byte[] bytes in (byte[][])[kind, position, tracePosition])
        {
            Assert.That(
                async () => await Codec.ReadAsync(bytes, r => StderrCodec.ReadAsync(r, ProtocolVersion.Current, default)),
                Throws.TypeOf<WireException>());
        }
    }

    [Test]
    public async Task Line_of_a_builder_need_not_be_text()
    {
        byte[] bytes = new WireBytes().U64(0x6f6c6d67).Bytes([(byte)'a', 0xff]).ToArray();

        StderrMessage message = await Codec.ReadAsync(bytes, r => StderrCodec.ReadAsync(r, ProtocolVersion.Current, default));

        Assert.That(message, Is.EqualTo(new StderrMessage.Next("a\ufffd")));
    }

    [Test]
    public void Exception_says_what_the_peer_said()
    {
        RemoteError error = new() { Message = "path '/nix/store/x' is not valid" };

        Assert.That(
            new RemoteErrorException(error),
            Has.Message.EqualTo(error.Message).And.Property(nameof(RemoteErrorException.Error)).SameAs(error));
    }

    private static async ValueTask<List<StderrMessage>> ReadAllAsync(WireReader reader, ProtocolVersion version)
    {
        List<StderrMessage> messages = [];
        do
            messages.Add(await StderrCodec.ReadAsync(reader, version, default));
        while (messages[^1] is not StderrMessage.Failure);
        return messages;
    }
}
