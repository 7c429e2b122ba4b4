using System.Net;
using System.Net.Sockets;
using Harmonia.Tests.Daemon;
using Harmonia.Tests.Daemon.Commands;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Hosting.Commands;

/// <summary><c>harmonia-cache health</c> and <c>status</c>, asking a real process.</summary>
public sealed class HealthCommandTests
{
    private TemporaryDirectory _directory = null!;
    private SampleStore _store = null!;
    private DaemonProcess _daemon = null!;

    [SetUp]
    public async Task BeginAsync()
    {
        _directory = new TemporaryDirectory();
        _store = new SampleStore();
        _daemon = await DaemonProcess.StartAsync(_store);
    }

    [TearDown]
    public async Task EndAsync()
    {
        await _daemon.DisposeAsync();
        _store.Dispose();
        _directory.Dispose();
    }

    [Test]
    public async Task A_cache_without_its_daemon_is_alive_but_not_ready()
    {
        await using CacheProcess cache = await CacheProcess.StartAsync(_directory, "", []);
        string url = $"http://127.0.0.1:{cache.Port}";

        CommandResult health = await RunAsync("health", url);
        CommandResult ready = await RunAsync("health", "--ready", $"{url}/");
        CommandResult status = await RunAsync("status", url);

        Assert.That((health.ExitCode, health.Text), Is.EqualTo((0, "OK\n")), health.Errors);
        Assert.That(ready.ExitCode, Is.EqualTo(1));
        Assert.That(ready.Errors, Is.EqualTo($"{url}/ready: 503 not ready: the store daemon cannot be reached\n"));
        Assert.That(status.ExitCode, Is.EqualTo(1));
        Assert.That(status.Errors, Is.EqualTo($"{url}/: 503 not ready: the store daemon cannot be reached\n"));
        Assert.That(status.Text, Does.Contain("version   harmonia-cache 0.1.0\n"));
    }

    [Test]
    public async Task Without_an_address_the_first_of_the_configuration_is_asked()
    {
        await using CacheProcess cache = await CacheProcess.StartAsync(
            _directory, $"real_nix_store = \"{_store.RealStoreDirectory}\"", [], daemonSocket: _daemon.SocketPath);
        string config = _directory["harmonia.toml"];

        CommandResult ready = await RunAsync("health", "--ready", "--config", config);
        CommandResult status = await RunAsync("status", "--config", config);

        Assert.That((ready.ExitCode, ready.Text), Is.EqualTo((0, "ready\n")), ready.Errors);
        Assert.That(status.ExitCode, Is.Zero, status.Errors);
        Assert.That(status.Errors, Is.Empty);
        Assert.That(status.Text, Does.Match(string.Concat(
            @"\Aversion   harmonia-cache 0\.1\.0\n",
            $@"address   http://127\.0\.0\.1:{cache.Port}/\n",
            @"store     /nix/store, priority 30\n",
            @"paths     [1-9]\d*, as the daemon at .+ says\n",
            @"uptime    0 d 0 h \d+ min \d+ s\n",
            @"narinfos  none yet\n",
            @"lookups   none yet\n",
            @"memory    \d+ MiB\n\z")));
    }

    [Test]
    public async Task Rates_are_those_of_the_metrics_wherever_they_are_served()
    {
        string metrics = _directory["metrics.sock"];
        await using CacheProcess cache = await CacheProcess.StartAsync(
            _directory, $"metrics_bind = \"unix:{metrics}\"\nreal_nix_store = \"{_store.RealStoreDirectory}\"", [], daemonSocket: _daemon.SocketPath);
        await Command.RunAsync("curl", ["--silent", $"http://127.0.0.1:{cache.Port}/00000000000000000000000000000000.narinfo"]);

        CommandResult local = await RunAsync("status", "--config", _directory["harmonia.toml"]);
        CommandResult remote = await RunAsync("status", $"http://127.0.0.1:{cache.Port}");

        Assert.That(local.Text, Does.Contain("narinfos  1, 0.0 % of which the store has the path\n"), local.Errors);
        Assert.That(remote.ExitCode, Is.Zero, remote.Errors);
        Assert.That(remote.Text, Does.Contain($"figures   none: http://127.0.0.1:{cache.Port}/ answers 404 to /metrics\n"));
    }

    [Test]
    public async Task A_Unix_socket_and_TLS_with_a_certificate_for_another_name_are_asked_too()
    {
        string socket = _directory["http.sock"];
        using TestCertificates certificates = await TestCertificates.MakeAsync();
        await using CacheProcess cache = await CacheProcess.StartAsync(
            _directory, $"tls_cert_path = \"{certificates.Chain}\"\ntls_key_path = \"{certificates.Pkcs8Key}\"", ["--insecure"]);
        string config = _directory["harmonia.toml"];

        Assert.That((await RunAsync("health", "--config", config)).Text, Is.EqualTo("OK\n"));
        CommandResult untrusted = await RunAsync("health", $"https://127.0.0.1:{cache.Port}");
        Assert.That(untrusted.ExitCode, Is.EqualTo(1));
        Assert.That(untrusted.Errors, Does.Contain("certificate"));
        await File.WriteAllTextAsync(_directory["unix.toml"], $"bind = \"unix:{socket}\"\ndaemon_socket = \"{_daemon.SocketPath}\"\nreal_nix_store = \"{_store.RealStoreDirectory}\"\n");
        await using HarmoniaProgram onSocket = await HarmoniaProgram.StartAsync(
            "harmonia-cache", ["--config", _directory["unix.toml"]], async () => (await RunAsync("health", $"unix:{socket}")).ExitCode == 0);
        Assert.That((await RunAsync("health", "--ready", "--config", _directory["unix.toml"])).Text, Is.EqualTo("ready\n"));
    }

    [Test]
    public async Task What_nobody_serves_or_nobody_answers_is_1_and_one_line()
    {
        using Socket silent = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        silent.Listen();
        foreach ((string address, string message) in ((string, string)[])
            [
                ($"http://127.0.0.1:{CacheProcess.FreePort()}", "Connection refused"),
                ($"unix:{_directory["none"]}", "unix:"),
                ($"http://{silent.LocalEndPoint}", "no answer within 3 s"),
                ("ftp://localhost", "expected a URL such as"),
            ])
        {
            CommandResult result = await RunAsync("health", address);

            Assert.That(result.ExitCode, Is.EqualTo(1), address);
            Assert.That(result.Errors, Does.Contain(message).And.Matches(@"\A[^\n]+\n\z"));
        }
    }

    private static Task<CommandResult> RunAsync(params string[] arguments) =>
        Command.TryRunAsync(HarmoniaProgram.Path("harmonia-cache"), arguments);
}
