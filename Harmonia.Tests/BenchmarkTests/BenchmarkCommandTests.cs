using System.CommandLine;
using Harmonia.Benchmarks.Servers.Commands;
using NUnit.Framework;

namespace Harmonia.Tests.BenchmarkTests;

public sealed class BenchmarkCommandTests
{
    [Test]
    public void Nothing_asks_for_a_full_run()
    {
        Options options = Read();

        Assert.That(options, Is.EqualTo(new Options()));
    }

    [Test]
    public void Options_are_read()
    {
        Options options = Read("--quick", "--only", "NAR|narinfo", "--output", "tables.md", "--list", "--peer", "a=http://a=1", "--peer", "b=http://b=2");

        Assert.That(options.Quick, Is.True);
        Assert.That(options.Only?.ToString(), Is.EqualTo("NAR|narinfo"));
        Assert.That(options.Output, Is.EqualTo("tables.md"));
        Assert.That(options.List, Is.True);
        Assert.That(options.Peers, Is.EqualTo(new[] { new Peer("a", "http://a", 1), new Peer("b", "http://b", 2) }));
    }

    [Test]
    public void Sizes_of_stores_are_read_in_ascending_order()
    {
        ParseResult parsed = BenchmarkCommand.Parse("grow", "--paths", "100000,5000,20000,5000");

        Assert.That(parsed.Errors, Is.Empty);
        Assert.That(BenchmarkCommand.OptionsOf(parsed).Paths, Is.EqualTo(new[] { 5000, 20_000, 100_000 }));
    }

    [TestCase("daemon")]
    [TestCase("grow")]
    [TestCase("memory")]
    [TestCase("start")]
    public void Commands_take_their_own_options(string command)
    {
        ParseResult parsed = BenchmarkCommand.Parse(command, "--quick", "--output", "tables.md");

        Assert.That(parsed.Errors, Is.Empty);
        Assert.That(parsed.CommandResult.Command.Name, Is.EqualTo(command));
        Assert.That(BenchmarkCommand.OptionsOf(parsed), Is.EqualTo(new Options { Quick = true, Output = "tables.md" }));
    }

    [TestCase("--only", "[", ExpectedResult = "--only needs a regular expression. Invalid pattern '[' at offset 1. Unterminated [] set.")]
    [TestCase("--peer", "a=b", ExpectedResult = "--peer needs NAME=URL=PID, such as other=http://127.0.0.1:8080=4711, not 'a=b'.")]
    [TestCase("--fast", ExpectedResult = "Unrecognized command or argument '--fast'.")]
    [TestCase("grow", "--paths", "5000,", ExpectedResult = "--paths needs numbers from 1000 to 10000000 with commas between them, not '5000,'.")]
    [TestCase("grow", "--paths", "999", ExpectedResult = "--paths needs numbers from 1000 to 10000000 with commas between them, not '999'.")]
    [TestCase("grow", "--paths", "10000001", ExpectedResult = "--paths needs numbers from 1000 to 10000000 with commas between them, not '10000001'.")]
    [TestCase("--paths", "5000", ExpectedResult = "Unrecognized command or argument '--paths'.")]
    [TestCase("memory", "--list", ExpectedResult = "Unrecognized command or argument '--list'.")]
    [TestCase("daemon", "--peer=a=http://a=1", ExpectedResult = "Unrecognized command or argument '--peer=a=http://a=1'.")]
    [TestCase("--output", ExpectedResult = "Required argument missing for option: '--output'.")]
    public string Wrong_arguments_are_errors(params string[] arguments) => BenchmarkCommand.Parse(arguments).Errors[0].Message;

    private static Options Read(params string[] arguments)
    {
        ParseResult parsed = BenchmarkCommand.Parse(arguments);
        Assert.That(parsed.Errors, Is.Empty);
        return BenchmarkCommand.OptionsOf(parsed);
    }
}
