using System.Text;
using Harmonia.Protocol.Messages;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Hosting;

/// <summary>Signals to the real program at the most difficult moments.</summary>
public sealed class SignalTests
{
    private TemporaryDirectory _directory = null!;

    [SetUp]
    public void MakeDirectory() => _directory = new TemporaryDirectory();

    [TearDown]
    public void RemoveDirectory() => _directory.Dispose();

    [Test]
    public async Task A_second_SIGTERM_ends_it_while_a_request_is_under_way()
    {
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using FakeDaemon daemon = FakeDaemon.Started(async (session, token) =>
        {
            if (await session.ReadOperationAsync(token) == Operation.QueryPathFromHashPart)
                asked.TrySetResult();
            await FakeSession.NeverAsync(token);
        });
        await using CacheProcess cache = await CacheProcess.StartAsync(_directory, "", [], daemonSocket: daemon.SocketPath);
        Task<CommandResult> request = Command.TryRunAsync(
            "curl", ["--silent", $"http://127.0.0.1:{cache.Port}/{FakeStore.Hash(1)}.narinfo"]);
        await asked.Task.InTime();

        await cache.SignalAsync("TERM");
        await cache.LogsAsync("Stopping; requests in progress have 30 s");
        Assert.That(cache.Program.HasExited, Is.False);

        Assert.That(await cache.Program.TerminateAsync(), Is.EqualTo(128 + 15), cache.Program.Log);
        Assert.That((await request).ExitCode, Is.Not.Zero);
    }

    [Test]
    public async Task SIGHUP_during_the_start_is_kept_until_the_reload_can_be_done()
    {
        string file = _directory["harmonia.toml"];
        string settings = $"bind = \"unix:{_directory["http.sock"]}\"\ndaemon_socket = \"{_directory["no-daemon"]}\"\n";
        await File.WriteAllTextAsync(_directory["next"], settings + "log_level = \"debug\"\n");
        await Command.RunAsync("mkfifo", [file]);
        await using HarmoniaProgram program = HarmoniaProgram.Launch("harmonia-cache", ["--config", file]);

        // Opens when the program opens it; the program then waits for its configuration.
        await using (FileStream pipe = await Task.Run(() => new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite)).InTime())
        {
            await Command.RunAsync("kill", ["-HUP", $"{program.ProcessId}"]);
            File.Move(_directory["next"], file, overwrite: true);
            await pipe.WriteAsync(Encoding.UTF8.GetBytes(settings));
        }

        await program.WaitUntilAsync(() => Task.FromResult(program.Log.Contains("] Reloaded;", StringComparison.Ordinal)));
        Assert.That(program.Log, Does.Contain("log level debug"));
    }
}
