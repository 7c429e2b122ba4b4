using System.Diagnostics;
using Harmonia.Tests.Cache.Metrics;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

/// <summary>harmonia-daemon announces changes: what the cache remembers holds until then.</summary>
[TestFixture]
public sealed class HarmoniaFreshAnswerTests : FreshAnswerTests
{
    private HarmoniaDaemon? _daemon;

    [TearDown]
    public async Task StopDaemonAsync()
    {
        if (_daemon is not null)
            await _daemon.DisposeAsync();
    }

    [Test]
    public async Task An_answer_that_does_not_change_is_requested_once()
    {
        string path = await Store.AddFileAsync("constant", "contents");
        await Patience.UntilAsync(async () => (await AskAsync(path)).StartsWith("200", StringComparison.Ordinal));

        // If the machine was too busy, announcements come later than the greatest age, and the cache rightly asks again: then from the
        // beginning. Without announcements no answer would hold for so long.
        await Patience.UntilAsync(async () => await HoldsAsync(path, 2 * MaxAge));

        Assert.That(await LookupsAsync("changed"), Is.Zero);
    }

    private protected override async Task<string> StartDaemonAsync()
    {
        _daemon = await HarmoniaDaemon.StartAsync(Store);
        return _daemon.SocketPath;
    }

    private protected override Task KillDaemonAsync() => _daemon!.Program.KillAsync();

    private protected override Task RestartDaemonAsync() => _daemon!.StartAsync();

    private protected override async Task<bool> IsReadyAsync() =>
        (await Client.GetStringAsync("/metrics")).Contains("harmonia_daemon_announces_changes 1", StringComparison.Ordinal);

    /// <summary>Whether the path is answered all the time, and at its end too, without a question to the daemon.</summary>
    private async Task<bool> HoldsAsync(string path, TimeSpan time)
    {
        double before = await QuestionsAsync();
        long started = Stopwatch.GetTimestamp();
        TimeSpan elapsed;
        do
        {
            elapsed = Stopwatch.GetElapsedTime(started);
            Assert.That(await AskAsync(path), Does.StartWith("200"));
            if (await QuestionsAsync() != before)
                return false;
        }
        while (elapsed < time);

        return true;
    }

    private async Task<double> QuestionsAsync() => await LookupsAsync("miss") + await LookupsAsync("revalidated") + await LookupsAsync("changed");

    private async Task<double> LookupsAsync(string outcome) =>
        MetricSample.ValueOf(await Client.GetStringAsync("/metrics"), "harmonia_lookups_total", $"outcome=\"{outcome}\"");
}
