using Harmonia.Daemon.Commands.Garbage;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Daemon.Commands.Garbage;

public sealed class GcProgressTests
{
    private readonly FakeTime _time = new();
    private readonly StringWriter _output = new();

    [SetUp]
    public void Begin() => _output.GetStringBuilder().Clear();

    [Test]
    public void A_log_gets_a_line_for_each_phase_and_what_the_daemon_has_to_say()
    {
        Collect(new GcProgress(_output, isTerminal: false, _time));

        Assert.That(_output.ToString(), Is.EqualTo("looking for garbage\nwaiting for the big garbage collector lock...\ndeleting 2 paths\n"));
    }

    [Test]
    public void A_terminal_has_one_line_that_counts_and_is_gone_at_the_end()
    {
        Collect(new GcProgress(_output, isTerminal: true, _time));

        string text = _output.ToString();
        Assert.That(text, Does.Contain("deleting 2 paths...").And.Contain("deleting: 2 of 2..."));
        Assert.That(text, Does.Contain("\r\e[Kwaiting for the big garbage collector lock...\n"));
        Assert.That(text, Does.EndWith("\r\e[K"));
        Assert.That(text.Count(character => character == '\n'), Is.EqualTo(1));
    }

    [Test]
    public void A_terminal_is_not_written_to_more_often_than_a_person_reads()
    {
        GcProgress progress = new(_output, isTerminal: true, _time);
        progress.BeginDeletion(10_000);
        for (int i = 0; i < 10_000; i++)
        {
            progress.Listen("deleting '/nix/store/x'");
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.That(_output.ToString().Split("deleting: ").Length - 1, Is.InRange(90, 100));
    }

    private void Collect(GcProgress progress)
    {
        progress.Say("looking for garbage");
        progress.Listen("waiting for the big garbage collector lock...");
        progress.Listen("finding garbage collector roots...");
        progress.BeginDeletion(2);
        foreach (string line in (string[])["deleting garbage...", "deleting '\e[35;1m/nix/store/a\e[0m'", "deleting '/nix/store/b'", "deleting unused links..."])
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            progress.Listen(line);
        }

        progress.Listen("note: hard linking is currently saving 0.0 MiB");
        progress.End();
    }
}
