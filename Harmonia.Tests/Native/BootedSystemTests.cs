using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Native;

/// <summary>The units of packaging/systemd under a real systemd, with stock Nix clients. What is checked is in the scripts.</summary>
[Category("Nix")]
public sealed class BootedSystemTests
{
    private BootedDebian _debian = null!;

    [SetUp]
    public void Install()
    {
        _debian = new BootedDebian();
        _debian.InstallPrograms();
        foreach (string unit in Directory.GetFiles(Repository.PathOf("packaging/systemd")))
            _debian.Install(unit, $"usr/lib/systemd/system/{Path.GetFileName(unit)}");
        _debian.InstallFolder("packaging/systemd/examples", "test/examples");
        _debian.Install(
            Repository.PathOf("packaging/systemd/examples/harmonia-cache-metrics.socket"), "etc/systemd/system/harmonia-cache-metrics.socket");
        foreach (string file in (string[])["harmonia.toml", "daemon.toml"])
            _debian.Install(Repository.PathOf($"packaging/{file}"), $"etc/harmonia/{file}");
        // A machine with a low hard limit of open files allows no more, and has a warning in the journal otherwise.
        _debian.Write("etc/harmonia/daemon.toml", "max_connections = 1024\n");
    }

    [TearDown]
    public void Remove() => _debian.Dispose();

    [Test]
    public async Task The_units_serve_stock_clients_through_their_sockets_and_heal()
    {
        _debian.Write("etc/harmonia/harmonia.toml", "\n[nar_cache]\ndirectory = \"/var/cache/harmonia-cache/nars\"\n");

        await RunAsync("units.sh");
    }

    [Test]
    public async Task The_examples_of_drop_ins_do_what_they_say() => await RunAsync("replacement.sh");

    private async Task RunAsync(string script)
    {
        int exitCode = await _debian.RunAsync("prepare.sh", script);

        Assert.That(exitCode, Is.Zero, _debian.Log);
        Assert.That(_debian.Log, Does.EndWith("DONE\n"));
    }
}
