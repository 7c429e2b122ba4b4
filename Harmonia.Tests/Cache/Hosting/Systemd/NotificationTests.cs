using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Hosting.Systemd;

/// <summary>What the real program tells the socket that systemd would listen on.</summary>
public sealed class NotificationTests
{
    private TemporaryDirectory _directory = null!;

    [SetUp]
    public void MakeDirectory() => _directory = new TemporaryDirectory();

    [TearDown]
    public void RemoveDirectory() => _directory.Dispose();

    [TestCase(false)]
    [TestCase(true)]
    public async Task Start_watchdog_reload_and_stop_are_notified(bool isAbstract)
    {
        using NotifySocket systemd = new(isAbstract ? $"@harmonia-test-{Guid.NewGuid():N}" : _directory["notify"]);
        await using CacheProcess cache = await CacheProcess.StartAsync(_directory, "", [], new Dictionary<string, string?>
        {
            ["NOTIFY_SOCKET"] = systemd.Name,
            ["WATCHDOG_USEC"] = "200000",
        });

        await systemd.ReceiveAsync("READY=1\nSTATUS=");
        await systemd.ReceiveAsync("WATCHDOG=1");
        await systemd.ReceiveAsync("WATCHDOG=1");
        await cache.SendSighupAsync();
        Assert.That(await systemd.ReceiveAsync("RELOADING=1\nMONOTONIC_USEC="), Does.Match("MONOTONIC_USEC=[0-9]+\n"));
        await systemd.ReceiveAsync("READY=1\n");
        Task<int> end = cache.Program.TerminateAsync();
        await systemd.ReceiveAsync("STOPPING=1\n");
        Assert.That(await end, Is.Zero, cache.Program.Log);
    }

    [Test]
    public async Task A_socket_that_is_missing_is_a_warning()
    {
        await using CacheProcess cache = await CacheProcess.StartAsync(
            _directory, "", [], new Dictionary<string, string?> { ["NOTIFY_SOCKET"] = _directory["missing"] });

        await cache.LogsAsync("systemd cannot be notified at");
    }
}
