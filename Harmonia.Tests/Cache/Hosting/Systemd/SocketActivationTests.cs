using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Hosting.Systemd;

/// <summary>The real program started by the real systemd-socket-activate.</summary>
public sealed class SocketActivationTests
{
    private TemporaryDirectory _directory = null!;

    [SetUp]
    public void MakeDirectory()
    {
        _directory = new TemporaryDirectory();
        // The address is never bound: inherited sockets take precedence.
        File.WriteAllText(_directory["harmonia.toml"], $"""
            bind = "192.0.2.1:1"
            daemon_socket = "{_directory["no-daemon"]}"
            """);
    }

    [TearDown]
    public void RemoveDirectory() => _directory.Dispose();

    [Test]
    public async Task A_TCP_socket_and_a_named_Unix_socket_are_both_served()
    {
        int port = CacheProcess.FreePort();
        string unix = _directory["http.sock"];
        await using ActivatedProgram cache = Start($"--listen=127.0.0.1:{port}", $"--listen={unix}", "--fdname=tcp:local");

        Assert.That(await GetAsync(cache, "--unix-socket", unix, "http://localhost/health"), Is.EqualTo("OK\n"));
        Assert.That(await GetAsync(cache, $"http://127.0.0.1:{port}/health"), Is.EqualTo("OK\n"));
        await cache.TerminateAsync();
        Assert.That(cache.Log, Does.Contain("inherited socket tcp (descriptor 3)").And.Contain("inherited socket local (descriptor 4)"));
        Assert.That(File.Exists(unix), "The file is systemd's.");
    }

    [Test]
    public async Task Several_sockets_of_each_kind_and_of_one_name_are_all_served()
    {
        int first = CacheProcess.FreePort(), second = CacheProcess.FreePort();
        string local = _directory["local.sock"], other = _directory["other.sock"];
        await using ActivatedProgram cache = Start(
            $"--listen=127.0.0.1:{first}", $"--listen={local}", $"--listen=127.0.0.1:{second}", $"--listen={other}", "--fdname=tcp:unix:tcp:unix");

        foreach (int port in (int[])[first, second])
            Assert.That(await GetAsync(cache, $"http://127.0.0.1:{port}/health"), Is.EqualTo("OK\n"));
        foreach (string unix in (string[])[local, other])
            Assert.That(await GetAsync(cache, "--unix-socket", unix, "http://localhost/health"), Is.EqualTo("OK\n"));
    }

    [Test]
    public async Task A_socket_named_metrics_serves_metrics_only_and_others_do_not()
    {
        string unix = _directory["http.sock"], metrics = _directory["metrics.sock"];
        await using ActivatedProgram cache = Start($"--listen={unix}", $"--listen={metrics}", "--fdname=http:metrics");

        Assert.That(await GetAsync(cache, "--unix-socket", metrics, "http://localhost/metrics"), Does.Contain("harmonia_build_info{"));
        Assert.That(await StatusAsync(metrics, "nix-cache-info"), Is.EqualTo("404"));
        Assert.That(await StatusAsync(metrics, "health"), Is.EqualTo("404"));
        Assert.That(await StatusAsync(unix, "metrics"), Is.EqualTo("404"));
        Assert.That(await StatusAsync(unix, "health"), Is.EqualTo("200"));
    }

    [Test]
    public async Task A_socket_for_metrics_alone_leaves_bind_as_it_is()
    {
        string own = _directory["own.sock"], metrics = _directory["metrics.sock"];
        await File.WriteAllTextAsync(_directory["harmonia.toml"], $"""
            bind = "unix:{own}"
            metrics_bind = "192.0.2.1:1"
            daemon_socket = "{_directory["no-daemon"]}"
            """);
        await using ActivatedProgram cache = Start($"--listen={metrics}", "--fdname=metrics");

        Assert.That(await GetAsync(cache, "--unix-socket", metrics, "http://localhost/metrics"), Does.Contain("harmonia_build_info{"));
        Assert.That(await StatusAsync(own, "health"), Is.EqualTo("200"));
        Assert.That(await StatusAsync(own, "metrics"), Is.EqualTo("404"));
    }

    private static async Task<string> StatusAsync(string unix, string path) => (await Command.RunAsync(
        "curl", ["--silent", "--output", "/dev/null", "--write-out", "%{http_code}", "--unix-socket", unix, $"http://localhost/{path}"])).Text;

    private ActivatedProgram Start(params string[] options) =>
        new(_directory, options, HarmoniaProgram.Path("harmonia-cache"), "--config", _directory["harmonia.toml"]);

    // The first connection starts the program; before systemd-socket-activate listens there is none.
    private static async Task<string> GetAsync(ActivatedProgram cache, params string[] arguments)
    {
        while (!cache.HasExited)
        {
            CommandResult result = await Command.TryRunAsync("curl", ["--silent", "--fail", .. arguments]);
            if (result.ExitCode == 0)
                return result.Text;
        }

        throw new InvalidOperationException($"It has ended:\n{cache.Log}");
    }
}
