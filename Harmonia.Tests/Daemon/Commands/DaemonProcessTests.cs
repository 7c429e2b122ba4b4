using System.Net.Sockets;
using Harmonia.Protocol.Messages;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Daemon.Commands;

/// <summary>What needs a process: signals, exit codes, the limit on file descriptors.</summary>
public sealed class DaemonProcessTests
{
    private SampleStore _store = null!;

    [SetUp]
    public void Begin() => _store = new SampleStore();

    [TearDown]
    public void End() => _store.Dispose();

    [Test]
    public async Task SIGTERM_ends_it_in_good_order()
    {
        await using DaemonProcess daemon = await DaemonProcess.StartAsync(_store);
        using SessionClient idle = await daemon.ConnectAsync();

        Assert.That(await daemon.Program.TerminateAsync(), Is.Zero);
        Assert.That(File.Exists(daemon.SocketPath), Is.False);
        Assert.That(await idle.IsClosedAsync(), Is.True);
    }

    [Test]
    public async Task The_last_message_is_in_the_log_however_early_it_ends()
    {
        // By chance, the thread that writes the log was quick enough in three of four.
        for (int i = 0; i < 12; i++)
        {
            await using DaemonProcess daemon = await DaemonProcess.StartAsync(_store);
            await daemon.Program.TerminateAsync();

            Assert.That(daemon.Program.Log, Does.Contain("Stopped"));
        }
    }

    [Test]
    public async Task SIGTERM_lets_a_reply_be_finished()
    {
        string contents = new('x', 8 << 20);
        _store.WriteFile(SampleStore.Top, contents);
        await using DaemonProcess daemon = await DaemonProcess.StartAsync(_store);
        using SessionClient client = await daemon.ConnectAsync();
        await client.AskAsync(Operation.NarFromPath, SampleStore.Top);
        Task<int> ending = daemon.Program.TerminateAsync();
        await Patience.UntilAsync(() => !File.Exists(daemon.SocketPath));
        foreach (string token in new[] { "nix-archive-1", "(", "type", "regular", "contents", contents, ")" })
            Assert.That(await client.Reader.ReadStringAsync(contents.Length, default).AsTask().InTime(), Is.EqualTo(token));

        Assert.That(await ending, Is.Zero);
    }

    [Test]
    public async Task An_unread_reply_does_not_delay_the_stop_longer_than_configured()
    {
        _store.WriteFile(SampleStore.Top, new string('x', 8 << 20));
        await using DaemonProcess daemon = await DaemonProcess.StartAsync(_store, "shutdown_timeout = 0");
        using SessionClient client = await daemon.ConnectAsync();
        await client.AskAsync(Operation.NarFromPath, SampleStore.Top);

        Assert.That(await daemon.Program.TerminateAsync(), Is.Zero);
    }

    [Test]
    public async Task A_daemon_that_was_killed_can_be_started_again()
    {
        await using DaemonProcess daemon = await DaemonProcess.StartAsync(_store);
        await daemon.Program.KillAsync();
        Assert.That(File.Exists(daemon.SocketPath), Is.True);

        await using HarmoniaProgram again = await HarmoniaProgram.StartAsync(
            "harmonia-daemon", ["--config", daemon.ConfigurationPath], () => Task.FromResult(Answers(daemon)));
        using SessionClient client = await daemon.ConnectAsync();
        Assert.That(await client.IsValidPathAsync(SampleStore.Top), Is.True);
    }

    [Test]
    public async Task A_second_daemon_on_the_same_socket_is_refused()
    {
        await using DaemonProcess daemon = await DaemonProcess.StartAsync(_store);

        CommandResult second = await Command.TryRunAsync(HarmoniaProgram.Path("harmonia-daemon"), ["--config", daemon.ConfigurationPath]);

        Assert.That(second.ExitCode, Is.EqualTo(1));
        Assert.That(second.Errors, Does.Contain($"Process {daemon.Program.ProcessId} already listens on '{daemon.SocketPath}'"));
    }

    [Test]
    public async Task More_clients_than_file_descriptors_cost_nothing_but_time()
    {
        await using DaemonProcess daemon = await DaemonProcess.StartAsync(_store, openFiles: 300);
        await Patience.UntilAsync(
            () => daemon.Program.Log.Contains("Serving at most 5 connections at once instead of 4096", StringComparison.Ordinal));
        using SessionClient early = await daemon.ConnectAsync();
        List<Socket> crowd = [.. Enumerable.Range(0, 400).Select(_ => daemon.Connect())];
        await Patience.UntilAsync(() => daemon.Program.Log.Contains("The limit of 5 connections is reached", StringComparison.Ordinal));
        Assert.That(await early.IsValidPathAsync(SampleStore.Top), Is.True, "Who is there already is served.");
        crowd.ForEach(socket => socket.Dispose());

        using SessionClient late = await daemon.ConnectAsync();
        Assert.That(await late.IsValidPathAsync(SampleStore.Top), Is.True);
    }

    [Test]
    public async Task Idle_connections_cost_little()
    {
        await using DaemonProcess daemon = await DaemonProcess.StartAsync(_store, openFiles: 20_000);
        using (SessionClient first = await daemon.ConnectAsync())
            Assert.That(await first.IsValidPathAsync(SampleStore.Top), Is.True);
        long before = ResidentBytes(daemon);
        List<SessionClient> clients = [];
        for (int i = 0; i < 1000; i++)
        {
            clients.Add(await daemon.ConnectAsync());
            Assert.That(await clients[^1].IsValidPathAsync(SampleStore.Top), Is.True);
        }

        long each = (ResidentBytes(daemon) - before) / clients.Count;
        TestContext.Out.WriteLine($"{each} bytes for each idle connection");
        clients.ForEach(client => client.Dispose());

        // If each connection kept a buffer of 64 KiB, this would fail.
        Assert.That(each, Is.LessThan(48 << 10));
    }

    [Test]
    public async Task Nothing_but_the_protocol_goes_to_standard_output()
    {
        await using DaemonProcess daemon = await DaemonProcess.StartAsync(_store);

        CommandResult result = await Command.RunAsync(
            HarmoniaProgram.Path("harmonia-daemon"), ["--stdio", "--daemon", "--config", daemon.ConfigurationPath], input: Conversation());

        // Magic, version, "last"; "last" and the number of paths.
        Assert.That(result.Output[..24], Is.EqualTo("oixd\0\0\0\0\x26\x01\0\0\0\0\0\0stla\0\0\0\0"u8.ToArray()));
        Assert.That(result.Output[24..40], Is.EqualTo("stla\0\0\0\0\x05\0\0\0\0\0\0\0"u8.ToArray()));
    }

    [TestCase(0, Description = "Before it has said anything")]
    [TestCase(12, Description = "In the handshake")]
    [TestCase(32, Description = "After the handshake")]
    [TestCase(36, Description = "In a request")]
    public async Task Who_serves_standard_streams_ends_when_the_client_hangs_up(int length)
    {
        await using DaemonProcess daemon = await DaemonProcess.StartAsync(_store);

        CommandResult result = await Command.RunAsync(
            HarmoniaProgram.Path("harmonia-daemon"), ["--stdio", "--config", daemon.ConfigurationPath], input: Conversation()[..length]);

        Assert.That(result.Errors, Does.Not.Contain("Exception"));
    }

    /// <summary>The bytes of a client that requests all paths.</summary>
    private static byte[] Conversation() => new WireBytes().U64(0x6e697863, 0x115, 0, 0, (ulong)Operation.QueryAllValidPaths).ToArray();

    private static bool Answers(DaemonProcess daemon)
    {
        try
        {
            using Socket socket = daemon.Connect();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static long ResidentBytes(DaemonProcess daemon) =>
        long.Parse(File.ReadAllText($"/proc/{daemon.Program.ProcessId}/statm").Split(' ')[1]) * Environment.SystemPageSize;
}
