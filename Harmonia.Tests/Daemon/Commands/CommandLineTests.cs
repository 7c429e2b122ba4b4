using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Daemon.Commands;

public sealed class CommandLineTests
{
    private TemporaryDirectory _directory = null!;

    [SetUp]
    public void Begin() => _directory = new TemporaryDirectory();

    [TearDown]
    public void End() => _directory.Dispose();

    [Test]
    public async Task Version_names_the_program_and_its_build()
    {
        CommandResult result = await RunAsync("--version");

        Assert.That(result.ExitCode, Is.Zero);
        Assert.That(result.Text, Does.Match(@"\Aharmonia-daemon \d+\.\d+\.\d+\nrevision [0-9a-z-]+, linux-(x64|arm64), \.NET 10\.[0-9.]+, \w.*\n\z"));
    }

    [Test]
    public async Task Help_names_every_option()
    {
        CommandResult result = await RunAsync("--help");

        Assert.That(result.ExitCode, Is.Zero);
        foreach (string option in new[] { "--config", "--stdio", "--check-config", "--print-config", "--version", "--help", "import", "gc" })
            Assert.That(result.Text, Does.Contain(option));
    }

    [TestCase("--confg", "x")]
    [TestCase("extra")]
    [TestCase("--skip-missing-files")]
    [TestCase("import", "--store-root")]
    [TestCase("import", "file")]
    [TestCase("import", "--store-root", "x")]
    [TestCase("import", "--store-root", "x", "--name", "n", "a", "b")]
    public async Task Wrong_usage_is_code_2_and_says_what_is_wrong(params string[] arguments)
    {
        CommandResult result = await RunAsync(arguments);

        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Errors, Does.StartWith("harmonia-daemon: "));
        Assert.That(result.Text, Is.Empty);
    }

    [TestCase("--delete-older-than", "30m", "a number and one of s, min, h, d, w, such as 30d")]
    [TestCase("--keep-recent", "yesterday", "a number and one of s, min, h, d, w, such as 30d")]
    [TestCase("--ensure-free", "50GB", "a size such as 50G or 800 MiB, or a share of the file system such as 20%")]
    [TestCase("--max-freed", "10%", "a size such as 50G or 800 MiB")]
    public async Task A_wrong_value_is_code_2_and_says_what_was_expected(string option, string value, string expected)
    {
        CommandResult result = await RunAsync("gc", option, value);

        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Errors, Is.EqualTo(
            $"harmonia-daemon: {option}: expected {expected}, but got '{value}'\nTry 'harmonia-daemon --help'.\n"));
    }

    [Test]
    public async Task A_good_configuration_is_called_good()
    {
        CommandResult result = await CheckAsync("socket_path = \"/run/x\"\nworkers = 4\n");

        Assert.That(result.ExitCode, Is.Zero);
        Assert.That(result.Errors, Does.Contain("The configuration is good.").And.Contain("workers: deprecated"));
    }

    [Test]
    public async Task A_secret_key_that_is_missing_is_a_warning_unless_it_is_to_be_skipped()
    {
        File.WriteAllText(_directory["d.toml"], $"secret_key_files = [\"{_directory["key"]}\"]\n");

        CommandResult strict = await RunAsync("--check-config", "--config", _directory["d.toml"]);
        CommandResult skipping = await RunAsync("--check-config", "--skip-missing-files", "--config", _directory["d.toml"]);

        Assert.That((strict.ExitCode, skipping.ExitCode), Is.EqualTo((0, 0)));
        Assert.That(strict.Errors, Does.StartWith(_directory["key"]).And.EndWith("The configuration is good.\n"));
        Assert.That(skipping.Errors, Is.EqualTo("The configuration is good.\n"));
    }

    [Test]
    public async Task The_printed_configuration_is_read_back_to_the_same()
    {
        await File.WriteAllTextAsync(_directory["daemon.toml"], "socket_path = \"/run/x\"\nmin_free = \"8 GiB\"\n");
        CommandResult first = await RunAsync("--config", _directory["daemon.toml"], "--print-config");
        await File.WriteAllTextAsync(_directory["printed.toml"], first.Text);

        CommandResult second = await RunAsync("--config", _directory["printed.toml"], "--print-config");

        Assert.That(first.ExitCode, Is.Zero, first.Errors);
        Assert.That(first.Text, Does.Contain("socket_path = \"/run/x\"").And.Contain("min_free = \"8 GiB\""));
        Assert.That(second.Text, Is.EqualTo(first.Text));
    }

    [Test]
    public async Task An_unknown_key_stops_the_start_with_a_suggestion()
    {
        CommandResult result = await CheckAsync("soket_path = \"/run/x\"\n");

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Errors, Is.EqualTo($"{_directory["d.toml"]}:1:1: soket_path: unknown key; did you mean 'socket_path'?\n"));
    }

    [Test]
    public async Task A_file_that_is_not_there_is_an_error()
    {
        CommandResult result = await RunAsync("--check-config", "--config", _directory["none.toml"]);

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Errors, Does.Contain(_directory["none.toml"]));
    }

    [Test]
    public async Task The_environment_may_name_the_file_but_the_option_has_precedence()
    {
        File.WriteAllText(_directory["bad.toml"], "bad = 1\n");
        File.WriteAllText(_directory["good.toml"], "");
        Dictionary<string, string?> environment = new() { ["HARMONIA_DAEMON_CONFIG"] = _directory["bad.toml"] };
        string program = HarmoniaProgram.Path("harmonia-daemon");

        CommandResult named = await Command.TryRunAsync(program, ["--check-config"], environment);
        CommandResult overridden = await Command.TryRunAsync(program, ["--check-config", "--config", _directory["good.toml"]], environment);

        Assert.That(named.ExitCode, Is.EqualTo(1));
        Assert.That(overridden.ExitCode, Is.Zero);
    }

    [Test]
    public async Task A_store_that_is_not_there_stops_the_start()
    {
        File.WriteAllText(_directory["d.toml"], $"state_dir = \"{_directory["state"]}\"\n");

        CommandResult result = await RunAsync("--config", _directory["d.toml"]);

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Errors, Does.StartWith($"There is no store database at '{_directory["state/db/db.sqlite"]}'."));
    }

    private static Task<CommandResult> RunAsync(params string[] arguments) =>
        Command.TryRunAsync(HarmoniaProgram.Path("harmonia-daemon"), arguments);

    private Task<CommandResult> CheckAsync(string configuration)
    {
        File.WriteAllText(_directory["d.toml"], configuration);
        return RunAsync("--check-config", "--config", _directory["d.toml"]);
    }
}
