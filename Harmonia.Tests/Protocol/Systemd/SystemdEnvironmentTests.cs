using Harmonia.Protocol.Systemd;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Systemd;

public sealed class SystemdEnvironmentTests
{
    private const int ProcessId = 42;

    [Test]
    public void Without_systemd_there_is_nothing()
    {
        SystemdEnvironment environment = Read([]);

        Assert.That(environment.SocketNames, Is.Empty);
        Assert.That(environment.NotifySocket, Is.Null);
        Assert.That(environment.WatchdogLimit, Is.Null);
    }

    [TestCase(null)]
    [TestCase("42")]
    public void What_is_meant_for_this_process_is_read(string? id)
    {
        SystemdEnvironment environment = Read(new()
        {
            ["LISTEN_PID"] = id,
            ["LISTEN_FDS"] = "3",
            ["LISTEN_FDNAMES"] = "http:metrics",
            ["WATCHDOG_PID"] = id,
            ["WATCHDOG_USEC"] = "1500000",
            ["NOTIFY_SOCKET"] = "@abstract",
        });

        Assert.That(environment.SocketNames, Is.EqualTo(new[] { "http", "metrics", "unknown" }));
        Assert.That(environment.WatchdogLimit, Is.EqualTo(TimeSpan.FromSeconds(1.5)));
        Assert.That(environment.NotifySocket, Is.EqualTo("@abstract"));
    }

    [Test]
    public void What_is_meant_for_another_process_is_left_alone()
    {
        SystemdEnvironment environment = Read(new()
        {
            ["LISTEN_PID"] = "43",
            ["LISTEN_FDS"] = "1",
            ["WATCHDOG_PID"] = "43",
            ["WATCHDOG_USEC"] = "1500000",
        });

        Assert.That(environment.SocketNames, Is.Empty);
        Assert.That(environment.WatchdogLimit, Is.Null);
    }

    [TestCase("-1")]
    [TestCase("0")]
    [TestCase("many")]
    [TestCase("99999999999999999999")]
    public void Numbers_that_make_no_sense_count_as_none(string number)
    {
        SystemdEnvironment environment = Read(new() { ["LISTEN_FDS"] = number, ["WATCHDOG_USEC"] = number });

        Assert.That(environment.SocketNames, Is.Empty);
        Assert.That(environment.WatchdogLimit, Is.Null);
    }

    private static SystemdEnvironment Read(Dictionary<string, string?> variables) =>
        SystemdEnvironment.Read(name => variables.GetValueOrDefault(name), ProcessId);
}
