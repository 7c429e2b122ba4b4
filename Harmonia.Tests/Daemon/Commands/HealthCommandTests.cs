using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Daemon.Commands;

/// <summary><c>harmonia-daemon health</c> and <c>status</c>, asking a real process.</summary>
public sealed class HealthCommandTests
{
    [Test]
    public async Task A_daemon_that_serves_is_well_by_its_socket_and_by_its_configuration()
    {
        using SampleStore store = new();
        await using DaemonProcess daemon = await DaemonProcess.StartAsync(store);
        foreach (string[] arguments in (string[][])[[daemon.SocketPath], ["--config", daemon.ConfigurationPath]])
        {
            CommandResult health = await RunAsync(["health", .. arguments]);
            CommandResult status = await RunAsync(["status", .. arguments]);

            Assert.That((health.ExitCode, health.Text), Is.EqualTo((0, "OK\n")), health.Errors);
            Assert.That(status.ExitCode, Is.Zero, status.Errors);
            Assert.That(status.Text, Does.Match(string.Concat(
                @"\Aversion  [0-9.]+ \(Harmonia 0\.1\.0\), protocol 1\.\d+\n",
                $"socket   {daemon.SocketPath}\n",
                // The daemon at a socket does not say which store it has.
                arguments[0] == daemon.SocketPath ? "" : @"store    /nix/store\n",
                @"paths    [1-9]\d*\n",
                @"you are  trusted: .*\n\z")));
        }
    }

    [Test]
    public async Task No_daemon_and_one_that_says_nothing_are_1_and_one_line()
    {
        using TemporaryDirectory directory = new();
        await using FakeDaemon silent = new((_, cancellationToken) => new TaskCompletionSource().Task.WaitAsync(cancellationToken)) { Handshake = null };
        silent.Start();
        foreach ((string socket, string reason) in ((string, string)[])
            [(directory["none"], "there is no such file."), (silent.SocketPath, "did not answer within 3 s.")])
        {
            foreach (string command in (string[])["health", "status"])
            {
                CommandResult result = await RunAsync(command, socket);

                Assert.That(result.ExitCode, Is.EqualTo(1));
                Assert.That(result.Errors, Does.Contain(socket).And.EndWith($"{reason}\n"));
                Assert.That(result.Text, Is.Empty);
            }
        }
    }

    private static Task<CommandResult> RunAsync(params string[] arguments) =>
        Command.TryRunAsync(HarmoniaProgram.Path("harmonia-daemon"), arguments);
}
