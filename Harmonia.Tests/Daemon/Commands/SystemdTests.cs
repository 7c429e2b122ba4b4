using System.Net;
using System.Net.Sockets;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Daemon.Commands;

/// <summary>harmonia-daemon as a service of systemd: sockets that it takes over, and what it tells.</summary>
public sealed class SystemdTests
{
    private SampleStore _store = null!;
    private TemporaryDirectory _directory = null!;

    [SetUp]
    public void Begin()
    {
        _store = new SampleStore();
        _directory = new TemporaryDirectory();
        // Nobody may bind there: inherited sockets take precedence.
        File.WriteAllText(_directory["daemon.toml"], $"""
            socket_path = "/proc/no-socket"
            real_store_dir = "{_store.RealStoreDirectory}"
            state_dir = "{_store.StateDirectory}"

            """);
    }

    [TearDown]
    public void End()
    {
        _directory.Dispose();
        _store.Dispose();
    }

    [Test]
    public async Task Sockets_of_any_name_are_served_and_stay_where_they_are()
    {
        string[] sockets = [_directory["nix-daemon.sock"], _directory["other.sock"]];
        await using ActivatedProgram daemon = Start([.. sockets.Select(socket => $"--listen={socket}"), "--fdname=nix-daemon.socket:unheard-of"]);
        foreach (string socket in sockets)
        {
            using SessionClient client = await ConnectAsync(daemon, socket);
            Assert.That(await client.IsValidPathAsync(SampleStore.Top), Is.True);
        }

        using SessionClient idle = await ConnectAsync(daemon, sockets[0]);
        Assert.That(await daemon.TerminateAsync(), Is.Zero, daemon.Log);
        Assert.That(await idle.IsClosedAsync(), Is.True);
        Assert.That(daemon.Log, Does.Contain("socket nix-daemon.socket (descriptor 3)").And.Contain("socket unheard-of (descriptor 4)"));
        Assert.That(daemon.Log, Does.Contain($"listens on {sockets[0]}, {sockets[1]} for"));
        Assert.That(sockets, Has.All.Matches<string>(File.Exists), "They are systemd's.");
    }

    [Test]
    public async Task A_limit_of_one_client_holds_for_all_sockets_together()
    {
        string[] sockets = [_directory["one.sock"], _directory["two.sock"]];
        File.AppendAllText(_directory["daemon.toml"], "max_connections = 1\n");
        await using ActivatedProgram daemon = Start([.. sockets.Select(socket => $"--listen={socket}")]);
        SessionClient first = await ConnectAsync(daemon, sockets[0]);
        Task<SessionClient> waiting = ConnectAsync(daemon, sockets[1]);
        await Patience.UntilAsync(() => daemon.Log.Contains("The limit of 1 connections is reached", StringComparison.Ordinal));
        Assert.That(await first.IsValidPathAsync(SampleStore.Top), Is.True);
        Assert.That(waiting.IsCompleted, Is.False);
        first.Dispose();

        using SessionClient second = await waiting.InTime();
        Assert.That(await second.IsValidPathAsync(SampleStore.Top), Is.True);
    }

    [Test]
    public async Task A_TCP_socket_is_refused_with_the_reason()
    {
        int port = CacheProcess.FreePort();
        await using ActivatedProgram daemon = Start($"--listen=127.0.0.1:{port}", "--fdname=http");
        using Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await ConnectAsync(daemon, client, new IPEndPoint(IPAddress.Loopback, port));

        Assert.That(await daemon.WaitAsync(), Is.EqualTo(1));
        Assert.That(daemon.Log, Does.Contain($"Descriptor 3 (http), which systemd handed over, listens on 127.0.0.1:{port}"));
    }

    [Test]
    public async Task A_socket_that_was_accepted_already_is_refused_with_the_reason()
    {
        string socket = _directory["accepting.sock"];
        await using ActivatedProgram daemon = Start($"--listen={socket}", "--accept");
        using Socket client = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await ConnectAsync(daemon, client, new UnixDomainSocketEndPoint(socket));

        // It serves nobody, so the connection ends.
        Assert.That(await client.ReceiveAsync(new byte[1], SocketFlags.None).InTime(), Is.Zero);
        await Patience.UntilAsync(() => daemon.Log.Contains("is no listening TCP or Unix stream socket", StringComparison.Ordinal));
    }

    [Test]
    public async Task Start_watchdog_and_stop_are_notified()
    {
        using NotifySocket systemd = new(_directory["notify"]);
        string socket = _directory["socket"];
        File.WriteAllText(
            _directory["daemon.toml"], File.ReadAllText(_directory["daemon.toml"]).Replace("/proc/no-socket", socket, StringComparison.Ordinal));
        await using HarmoniaProgram daemon = HarmoniaProgram.Launch(
            "harmonia-daemon", ["--config", _directory["daemon.toml"]], Environment(("NOTIFY_SOCKET", systemd.Name), ("WATCHDOG_USEC", "200000")));

        await systemd.ReceiveAsync("READY=1\nSTATUS=");
        Assert.That(File.Exists(socket), "A client may connect as soon as systemd knows.");
        await systemd.ReceiveAsync("WATCHDOG=1");
        await systemd.ReceiveAsync("WATCHDOG=1");
        Task<int> end = daemon.TerminateAsync();
        await systemd.ReceiveAsync("STOPPING=1\n");
        Assert.That(await end, Is.Zero, daemon.Log);
    }

    [Test]
    public async Task With_log_format_journald_each_line_has_its_priority()
    {
        File.AppendAllText(_directory["daemon.toml"], "log_format = \"journald\"\n");
        await using ActivatedProgram daemon = Start($"--listen={_directory["socket"]}");
        using (await ConnectAsync(daemon, _directory["socket"]))
        {
        }

        await daemon.TerminateAsync();
        Assert.That(daemon.Log, Does.Match("(?m)^<6>harmonia-daemon\\[1\\] harmonia-daemon .* listens on "));
    }

    private ActivatedProgram Start(params string[] options) => new(
        _directory, options,
        "/usr/bin/env", $"NIX_CONF_DIR={_directory.Path}", "NIX_USER_CONF_FILES=", HarmoniaProgram.Path("harmonia-daemon"),
        "--config", _directory["daemon.toml"]);

    private Dictionary<string, string?> Environment(params (string Name, string Value)[] more) =>
        new(more.Select(one => new KeyValuePair<string, string?>(one.Name, one.Value)))
        {
            ["NIX_CONF_DIR"] = _directory.Path,
            ["NIX_USER_CONF_FILES"] = "",
        };

    // Before systemd-socket-activate listens there is no socket.
    private static async Task<SessionClient> ConnectAsync(ActivatedProgram daemon, string path)
    {
        SessionClient? client = null;
        await TryAsync(daemon, async () => client = await SessionClient.ConnectAsync(path, minor: 38));
        return client!;
    }

    private static Task ConnectAsync(ActivatedProgram daemon, Socket socket, EndPoint address) =>
        TryAsync(daemon, () => socket.ConnectAsync(address));

    private static Task TryAsync(ActivatedProgram daemon, Func<Task> connect) => Patience.UntilAsync(async () =>
    {
        try
        {
            await connect();
            return true;
        }
        catch (SocketException) when (!daemon.HasExited)
        {
            return false;
        }
    });
}
