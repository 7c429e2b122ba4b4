using System.Net.Sockets;
using System.Text;
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
        string name = isAbstract ? $"@harmonia-test-{Guid.NewGuid():N}" : _directory["notify"];
        using Socket systemd = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        systemd.Bind(new UnixDomainSocketEndPoint(name.Replace('@', '\0')));
        await using CacheProcess cache = await CacheProcess.StartAsync(_directory, "", [], new Dictionary<string, string?>
        {
            ["NOTIFY_SOCKET"] = name,
            ["WATCHDOG_USEC"] = "200000",
        });

        await ReceiveAsync(systemd, "READY=1\nSTATUS=");
        await ReceiveAsync(systemd, "WATCHDOG=1");
        await ReceiveAsync(systemd, "WATCHDOG=1");
        await cache.SendSighupAsync();
        Assert.That(await ReceiveAsync(systemd, "RELOADING=1\nMONOTONIC_USEC="), Does.Match("MONOTONIC_USEC=[0-9]+\n"));
        await ReceiveAsync(systemd, "READY=1\n");
        Task<int> end = cache.Program.TerminateAsync();
        await ReceiveAsync(systemd, "STOPPING=1\n");
        Assert.That(await end, Is.Zero, cache.Program.Log);
    }

    [Test]
    public async Task A_socket_that_is_missing_is_a_warning()
    {
        await using CacheProcess cache = await CacheProcess.StartAsync(
            _directory, "", [], new Dictionary<string, string?> { ["NOTIFY_SOCKET"] = _directory["missing"] });

        await cache.LogsAsync("systemd cannot be notified at");
    }

    // Other messages may come between.
    private static Task<string> ReceiveAsync(Socket systemd, string start) => ReceiveAnyAsync(systemd, start).InTime();

    private static async Task<string> ReceiveAnyAsync(Socket systemd, string start)
    {
        byte[] buffer = new byte[4096];
        while (true)
        {
            int length = await systemd.ReceiveAsync(buffer, SocketFlags.None);
            string message = Encoding.UTF8.GetString(buffer, 0, length);
            if (message.StartsWith(start, StringComparison.Ordinal))
                return message;
        }
    }
}
