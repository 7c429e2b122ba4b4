using Harmonia.Daemon.Building;
using Harmonia.Protocol.Messages.Stderr;
using NUnit.Framework;

namespace Harmonia.Tests.Daemon.Building;

/// <summary>Lines as nix-store 2.34 writes them.</summary>
public sealed class DelegateLogTests
{
    [Test]
    public void The_begin_of_a_build_is_the_begin_of_an_activity()
    {
        const string Line = """
            @nix {"action":"start","fields":["/nix/store/x.drv","",1,1],"id":8589934592,"level":3,"parent":7,"text":"building","type":105}
            """;

        StderrMessage.StartActivity start = (StderrMessage.StartActivity)DelegateLog.Read(Line)!;

        Assert.That((start.Id, start.Level, start.Type, start.Text, start.Parent), Is.EqualTo((8589934592UL, LogLevel.Info, ActivityType.Build, "building", 7UL)));
        Assert.That(start.Fields, Is.EqualTo(new ActivityField[] { "/nix/store/x.drv", "", 1, 1 }));
    }

    [Test]
    public void Output_of_a_builder_is_a_result()
    {
        StderrMessage.Result result = (StderrMessage.Result)DelegateLog.Read("""@nix {"action":"result","fields":["hello ä"],"id":3,"type":101}""")!;

        Assert.That((result.Id, result.Type), Is.EqualTo((3UL, ResultType.BuildLogLine)));
        Assert.That(result.Fields, Is.EqualTo(new ActivityField[] { "hello ä" }));
    }

    [Test]
    public void The_end_of_an_activity_is_one() =>
        Assert.That(DelegateLog.Read("""@nix {"action":"stop","id":3}"""), Is.EqualTo(new StderrMessage.StopActivity(3)));

    [TestCase("""@nix {"action":"msg","level":1,"msg":"warning: odd"}""", "warning: odd\n")]
    [TestCase("""@nix {"action":"msg","level":1,"msg":"warning: odd","raw_msg":"odd"}""", "warning: odd\n")]
    [TestCase("""@nix {"action":"msg","level":0,"msg":"path is corrupted"}""", "path is corrupted\n")]
    public void A_message_is_a_line(string message, string line) =>
        Assert.That(DelegateLog.Read(message), Is.EqualTo(new StderrMessage.Next(line)));

    [TestCase("""@nix {"action":"msg","level":0,"msg":"\u001b[31merror:\u001b[0m bad","raw_msg":"bad"}""")]
    [TestCase("""@nix {"action":"msg","level":0,"msg":"error: bad"}""")]
    public void An_error_is_one_without_its_prefix(string line) =>
        Assert.That(((StderrMessage.Failure)DelegateLog.Read(line)!).Error.Message, Is.EqualTo("bad"));

    [TestCase("some other program speaks")]
    [TestCase("@nix {\"action\":\"start\"}")]
    [TestCase("@nix {")]
    [TestCase("@nix []")]
    [TestCase("@nix {\"action\":\"stop\",\"id\":-1}")]
    public void Anything_else_is_shown_as_it_is(string line) =>
        Assert.That(DelegateLog.Read(line), Is.EqualTo(new StderrMessage.Next(line + "\n")));

    [Test]
    public void An_unknown_action_is_left_out() => Assert.That(DelegateLog.Read("""@nix {"action":"dance"}"""), Is.Null);
}
