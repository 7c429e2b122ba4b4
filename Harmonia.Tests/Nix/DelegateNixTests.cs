using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Building;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Daemon;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

/// <summary>Real clients build through our daemon, whose build delegate is the same release of Nix.</summary>
[Category("Nix")]
[TestFixtureSource(typeof(NixRelease), nameof(NixRelease.All))]
public sealed class DelegateNixTests(NixRelease release)
{
    private RealNixStore _store = null!;
    private HarmoniaDaemon _daemon = null!;

    [SetUp]
    public async Task StartAsync()
    {
        // With ca-derivations, Nix repairs nothing and reports no error.
        _store = await RealNixStore.CreateAsync(release, configuration: "experimental-features = nix-command");
        await Command.RunAsync(release.Program("nix-store"), ["--init"], _store.Environment);
        _daemon = await HarmoniaDaemon.StartAsync(_store, $"build_delegate = \"{release.Program("nix-store")}\"");
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _daemon.DisposeAsync();
        _store.Dispose();
    }

    [Test]
    public async Task Derivations_are_built_with_those_they_need_and_their_output_is_seen()
    {
        string expression = $"{Written("top", "read text < $base; echo top sees $text; echo $text > $out", $"base = {Written("base", "echo base speaks; echo 17 > $out")};")}";

        CommandResult built = await RunAsync("nix-build", "--no-out-link", "-E", expression);

        Assert.That(File.ReadAllText(built.Text.Trim()), Is.EqualTo("17\n"));
        Assert.That(built.Errors, Does.Contain("base speaks").And.Contain("top sees 17"));
        Assert.That((await RunAsync("nix-store", "--query", "--references", built.Text.Trim())).Text, Is.Empty);
        Assert.That((await RunAsync("nix-build", "--no-out-link", "-E", expression)).Errors, Does.Not.Contain("speaks"), "It is there already.");
    }

    [Test]
    public async Task The_new_command_builds_too()
    {
        await RunAsync("nix", "build", "--impure", "--no-link", "-L", "--expr", Written("one", "echo 1 > $out"));

        string output = (await RunAsync("nix-build", "--no-out-link", "-E", Written("one", "echo 1 > $out"))).Text.Trim();
        Assert.That(File.ReadAllText(output), Is.EqualTo("1\n"));
    }

    [Test]
    public async Task A_path_is_realised_and_checked()
    {
        string derivation = (await RunAsync("nix-instantiate", "-E", Written("one", "echo building; echo 1 > $out"))).Text.Trim();

        await RunAsync("nix-store", "--realise", derivation);
        CommandResult check = await RunAsync("nix-build", "--no-out-link", "--check", "-E", Written("one", "echo building; echo 1 > $out"));

        Assert.That(check.Errors, Does.Contain("building"));
    }

    [Test]
    public async Task A_build_with_a_different_result_fails_its_check()
    {
        string expression = Written("odd", $"echo x >> {_store.Root}/count; read all < {_store.Root}/count; while read line; do all=$all$line; done < {_store.Root}/count; echo $all > $out");
        await RunAsync("nix-build", "--no-out-link", "-E", expression);

        CommandResult check = await TryRunAsync("nix-build", "--no-out-link", "--check", "-E", expression);

        Assert.That(check.ExitCode, Is.Not.Zero);
        Assert.That(check.Errors, Does.Contain("may not be deterministic"));
    }

    [Test]
    public async Task A_failed_build_has_an_error_message_and_the_daemon_keeps_running([Values] bool newCommand)
    {
        string expression = Written("bad", "echo before it broke; exit 3");

        CommandResult failed = newCommand
            ? await TryRunAsync("nix", "build", "--impure", "--no-link", "-L", "--expr", expression)
            : await TryRunAsync("nix-build", "--no-out-link", "-E", expression);

        Assert.That(failed.ExitCode, Is.Not.Zero);
        Assert.That(failed.Errors, Does.Contain("before it broke").And.Contain("exit code 3"));
        await RunAsync("nix-build", "--no-out-link", "-E", Written("good", "echo 1 > $out"));
    }

    [Test]
    public async Task What_was_changed_is_built_again_by_a_verification_that_repairs()
    {
        string path = (await RunAsync("nix-build", "--no-out-link", "-E", Written("one", "echo building again; echo 1 > $out"))).Text.Trim();
        File.WriteAllText(path, "changed");

        CommandResult plain = await TryRunAsync("nix-store", "--verify", "--check-contents");
        CommandResult repair = await TryRunAsync("nix-store", "--verify", "--check-contents", "--repair");

        Assert.That(plain.ExitCode, Is.Not.Zero);
        Assert.That(repair.ExitCode, Is.Zero, repair.Errors);
        Assert.That(repair.Errors, Does.Contain("was modified").And.Contain("building again"));
        Assert.That(File.ReadAllText(path), Is.EqualTo("1\n"));
        Assert.That((await RunAsync("nix-store", "--verify", "--check-contents")).Errors, Does.Not.Contain("modified"));
    }

    [Test]
    public async Task A_path_that_cannot_be_built_again_stays_an_error()
    {
        string file = $"{_store.Root}/file";
        File.WriteAllText(file, "content");
        string path = (await RunAsync("nix-store", "--add", file)).Text.Trim();
        File.WriteAllText(path, "changed");

        CommandResult repair = await TryRunAsync("nix-store", "--verify", "--check-contents", "--repair");

        Assert.That(repair.ExitCode, Is.Not.Zero);
        Assert.That(repair.Errors, Does.Contain($"cannot repair path '{path}'"));
    }

    [Test]
    public async Task A_build_may_repair_what_it_finds()
    {
        string expression = Written("one", "echo 1 > $out");
        string path = (await RunAsync("nix-build", "--no-out-link", "-E", expression)).Text.Trim();
        File.WriteAllText(path, "changed");

        await RunAsync("nix-build", "--no-out-link", "--repair", "-E", expression);

        Assert.That(File.ReadAllText(path), Is.EqualTo("1\n"));
    }

    [Test]
    public async Task A_derivation_that_is_sent_is_built()
    {
        // Only our store has the file; the client sends its contents to the daemon.
        string derivation = (await RunAsync("nix-instantiate", "-E", Written("sent", "echo speaking; echo 17 > $out"))).Text.Trim();
        StoreDirectory directory = StoreDirectory.Parse(_store.StoreDirectory);
        DerivationOutput output = Derivation.Parse(File.ReadAllBytes(derivation), directory).Outputs.Single();
        BuildDerivationRequest request = new()
        {
            Path = directory.ParsePath(derivation),
            Derivation = new BasicDerivation
            {
                Outputs = [new BasicDerivationOutput("out", directory.Print(output.Path!), "", "")],
                Platform = "builtin-of-this-machine",
                Builder = "/bin/sh"u8.ToArray(),
                Arguments = ["-c"u8.ToArray(), "echo speaking; echo 17 > $out"u8.ToArray()],
                Environment = [new("out"u8.ToArray(), Encoding.UTF8.GetBytes(directory.Print(output.Path!)))],
            },
        };
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(_daemon.SocketPath));
        await using NetworkStream stream = new(socket);
        using SessionClient client = await SessionClient.ConnectAsync(stream, stream, directory: directory);

        BuildResult wrong = await BuildAsync(client, request);
        string system = (await RunAsync("nix-instantiate", "--eval", "-E", "builtins.currentSystem")).Text.Trim().Trim('"');
        BuildResult right = await BuildAsync(client, request with { Derivation = request.Derivation with { Platform = system } });

        Assert.That(wrong.Status, Is.Not.EqualTo(BuildStatus.Built));
        Assert.That(wrong.ErrorMessage, Is.Not.Empty);
        Assert.That((right.Status, right.ErrorMessage), Is.EqualTo((BuildStatus.Built, "")));
        Assert.That(client.Activities.OfType<StderrMessage.Result>().Any(result => result.Type == ResultType.BuildLogLine && result.Fields[0].Text == "speaking"));
        Assert.That(File.ReadAllText(directory.Print(output.Path!)), Is.EqualTo("17\n"));
    }

    [Test]
    public async Task Two_clients_that_want_the_same_have_it_built_once()
    {
        string expression = Written("shared", $"echo x >> {_store.Root}/builds; /bin/sleep 1; echo 1 > $out");

        await Task.WhenAll(
            RunAsync("nix-build", "--no-out-link", "-E", expression), RunAsync("nix-build", "--no-out-link", "-E", expression));

        Assert.That(File.ReadAllText($"{_store.Root}/builds"), Is.EqualTo("x\n"));
    }

    [Test]
    public async Task A_build_ends_when_its_client_goes()
    {
        string file = $"{_store.Root}/builder";
        string expression = Written("long", $"echo $$ > {file}.new; /bin/mv {file}.new {file}; /bin/sleep 1000");
        ProcessStartInfo start = new(release.Program("nix-build"), ["--no-out-link", "-E", expression]) { RedirectStandardError = true };
        foreach ((string name, string? value) in _daemon.ClientEnvironment)
            start.Environment[name] = value;
        using Process client = Process.Start(start)!;
        await Patience.UntilAsync(() => File.Exists(file));
        int builder = int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture);
        Assert.That(Directory.Exists($"/proc/{builder}"));

        client.Kill();

        await Patience.UntilAsync(() => !Directory.Exists($"/proc/{builder}"));
        await RunAsync("nix-build", "--no-out-link", "-E", Written("good", "echo 1 > $out"));
    }

    private static string Written(string name, string script, string more = "") =>
        $$"""(derivation { name = "{{name}}"; system = builtins.currentSystem; builder = "/bin/sh"; args = [ "-c" "{{script.Replace("$", "\\$", StringComparison.Ordinal)}}" ]; {{more}} })""";

    private static async Task<BuildResult> BuildAsync(SessionClient client, BuildDerivationRequest request)
    {
        await client.AskAsync(Operation.BuildDerivation, (writer, context) => BuildDerivationRequestCodec.Write(writer, context, request));
        return await BuildResultCodec.ReadAsync(client.Reader, client.Context, default);
    }

    private Task<CommandResult> RunAsync(string program, params string[] arguments) =>
        Command.RunAsync(release.Program(program), arguments, _daemon.ClientEnvironment);

    private Task<CommandResult> TryRunAsync(string program, params string[] arguments) =>
        Command.TryRunAsync(release.Program(program), arguments, _daemon.ClientEnvironment);
}
