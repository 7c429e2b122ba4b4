using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Hosting.Commands;

/// <summary>harmonia-cache as its user runs it.</summary>
public sealed class ProgramTests
{
    private TemporaryDirectory _directory = null!;

    [SetUp]
    public void MakeDirectory() => _directory = new TemporaryDirectory();

    [TearDown]
    public void RemoveDirectory() => _directory.Dispose();

    [Test]
    public async Task Version_has_a_line_for_the_build()
    {
        CommandResult result = await RunAsync("--version");

        Assert.That(result.ExitCode, Is.Zero);
        Assert.That(result.Text, Does.Match(@"\Aharmonia-cache 0\.1\.0\nrevision [0-9a-z-]+, linux-(x64|arm64), \.NET 10\.[0-9.]+, \w.*\n\z"));
    }

    [Test]
    public async Task Help_names_every_option_and_command()
    {
        CommandResult result = await RunAsync("--help");

        Assert.That(result.ExitCode, Is.Zero);
        foreach (string word in (string[])["--config", "--check-config", "--print-config", "hash-password <NAME>", "--version", "generate-key <NAME> <SECRET> <PUBLIC>", "health <ADDRESS>", "status <ADDRESS>"])
            Assert.That(result.Text, Does.Contain(word));
    }

    [Test]
    public async Task A_good_configuration_is_called_good_with_its_warnings()
    {
        string file = Write("nix_db_path = \"/db\"");

        CommandResult result = await RunAsync("--config", file, "--check-config");

        Assert.That(result.ExitCode, Is.Zero);
        Assert.That(result.Text, Does.Contain("good").And.Contain(file));
        Assert.That(result.Errors, Is.EqualTo(
            $"warning: {file}:1:1: nix_db_path: has no effect in this release: the daemon reads the database\n"));
    }

    [Test]
    public async Task A_bad_configuration_ends_with_1_and_one_line_for_each_error()
    {
        string file = Write("prioritty = 1\nworkers = 0\n");
        foreach (string[] arguments in (string[][])[["--config", file, "--check-config"], ["--config", file]])
        {
            CommandResult result = await RunAsync(arguments);

            Assert.That(result.ExitCode, Is.EqualTo(1));
            Assert.That(result.Errors, Is.EqualTo($"""
                {file}:1:1: prioritty: unknown key; did you mean 'priority'?
                {file}:2:11: workers: expected an integer from 1 to 1024, but got 0

                """));
        }
    }

    [Test]
    public async Task Files_that_are_missing_on_a_machine_that_only_builds_are_warnings_if_they_are_to_be_skipped()
    {
        string there = _directory["tls.crt"];
        await File.WriteAllTextAsync(there, "no certificate");
        string file = Write($"""
            sign_key_paths = ["{_directory["key"]}"]
            tls_cert_path = "{there}"
            tls_key_path = "{_directory["tls.key"]}"
            credentials_path = "{_directory["credentials"]}"
            """);

        CommandResult strict = await RunAsync("--config", file, "--check-config");
        CommandResult skipping = await RunAsync("--config", file, "--check-config", "--skip-missing-files");

        Assert.That(strict.ExitCode, Is.EqualTo(1));
        Assert.That(skipping.ExitCode, Is.Zero, skipping.Errors);
        Assert.That(skipping.Errors, Is.EqualTo(string.Concat(
            ((string[])["key", "tls.key", "credentials"]).Select(name => $"warning: {_directory[name]}: not checked, because it is not there\n"))));
    }

    [Test]
    public async Task Files_that_are_there_are_checked_although_missing_ones_are_skipped()
    {
        await File.WriteAllTextAsync(_directory["key"], "no key");

        CommandResult result = await RunAsync(
            "--config", Write($"sign_key_paths = [\"{_directory["key"]}\"]"), "--check-config", "--skip-missing-files");

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Errors, Does.StartWith(_directory["key"]));
    }

    [Test]
    public async Task The_cache_never_serves_without_its_files()
    {
        CommandResult result = await RunAsync("--config", Write(""), "--skip-missing-files");

        Assert.That(result.ExitCode, Is.Not.Zero);
        Assert.That(result.Errors, Does.Contain("--skip-missing-files needs --check-config."));
    }

    [Test]
    public async Task A_user_without_a_name_is_a_number_in_the_log()
    {
        await using FakeDaemon daemon = new((_, _) => Task.CompletedTask) { Handshake = null };
        daemon.Start();
        string socket = _directory["socket"];
        string file = Write($"bind = \"unix:{socket}\"\nunix_socket_mode = \"0777\"\ndaemon_socket = \"{daemon.SocketPath}\"");
        File.SetUnixFileMode(_directory.Path, (UnixFileMode)0b111_111_111);
        File.SetUnixFileMode(Path.GetDirectoryName(daemon.SocketPath)!, (UnixFileMode)0b111_111_111);
        File.SetUnixFileMode(daemon.SocketPath, (UnixFileMode)0b111_111_111);
        await using HarmoniaProgram program = await HarmoniaProgram.StartAsync(
            "/usr/bin/setpriv", ["--reuid=61184", "--regid=61184", "--clear-groups", HarmoniaProgram.Path("harmonia-cache"), "--config", file],
            () => AnswersAsync(socket));

        await program.WaitUntilAsync(() => Task.FromResult(program.Log.Contains("[113] The daemon refused user 61184;", StringComparison.Ordinal)));
    }

    [Test]
    public async Task A_user_without_a_name_and_a_home_can_serve_TLS()
    {
        const UnixFileMode Everybody = (UnixFileMode)0b111_111_111;
        using TestCertificates certificates = await TestCertificates.MakeAsync();
        File.SetUnixFileMode(Path.GetDirectoryName(certificates.Chain)!, Everybody);
        File.SetUnixFileMode(certificates.Pkcs8Key, Everybody);
        string file = Write($"tls_cert_path = \"{certificates.Chain}\"\ntls_key_path = \"{certificates.Pkcs8Key}\"");
        File.SetUnixFileMode(_directory.Path, Everybody);

        CommandResult result = await Command.TryRunAsync(
            "setpriv",
            ["--reuid=61184", "--regid=61184", "--clear-groups", HarmoniaProgram.Path("harmonia-cache"), "--check-config", "--config", file],
            new Dictionary<string, string?> { ["HOME"] = null });

        Assert.That(result.ExitCode, Is.Zero, result.Errors);
    }

    [Test]
    public async Task An_address_in_use_ends_with_1_and_one_line()
    {
        await using CacheInMemory other = await CacheInMemory.StartAsync();

        CommandResult result = await RunAsync("--config", Write($"bind = \"{other.EndPoint}\""));

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Errors, Does.EndWith($"cannot listen on {other.EndPoint}: Address already in use\n"));
    }

    [Test]
    public async Task It_starts_without_a_daemon_on_a_unix_socket_and_SIGTERM_ends_it_cleanly()
    {
        string socket = _directory["socket"];
        string file = Write($"""
            bind = "unix:{socket}"
            unix_socket_mode = "0600"
            daemon_socket = "{_directory["no-daemon"]}"
            """);
        await using HarmoniaProgram program = await HarmoniaProgram.StartAsync(
            "harmonia-cache", ["--config", file], async () => await AnswersAsync(socket));

        Assert.That(File.GetUnixFileMode(socket), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.That(await program.TerminateAsync(), Is.Zero, program.Log);
        Assert.That(File.Exists(socket), Is.False);
        Assert.That(program.Log, Does.Contain($"[104] Listening on http://unix:{socket}").And.Contain("[110] The daemon is unavailable"));
        Assert.That(program.Log, Does.Not.Contain("   at "));
    }

    [Test]
    public async Task Variables_of_the_framework_configure_nothing()
    {
        string socket = _directory["socket"];
        await using HarmoniaProgram program = await HarmoniaProgram.StartAsync(
            "harmonia-cache",
            ["--config", Write($"bind = \"unix:{socket}\"")],
            async () => await AnswersAsync(socket),
            new Dictionary<string, string?>
            {
                ["ASPNETCORE_URLS"] = "http://name.invalid:1",
                ["ASPNETCORE_HTTP_PORTS"] = "1",
                ["ASPNETCORE_PREFERHOSTINGURLS"] = "true",
                ["Logging__LogLevel__Default"] = "Trace",
            });

        Assert.That(program.Log, Does.Not.Contain("name.invalid").And.Not.Contain("dbug:"));
    }

    private static async Task<bool> AnswersAsync(string socket) =>
        (await Command.TryRunAsync("curl", ["--silent", "--fail", "--unix-socket", socket, "http://localhost/health"])).Text == "OK\n";

    private static Task<CommandResult> RunAsync(params string[] arguments) =>
        Command.TryRunAsync(HarmoniaProgram.Path("harmonia-cache"), arguments);

    private string Write(string toml)
    {
        File.WriteAllText(_directory["harmonia.toml"], toml);
        return _directory["harmonia.toml"];
    }
}
