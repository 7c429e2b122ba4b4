using System.Diagnostics;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

/// <summary>
/// A daemon of root that does not see what other users' processes use deletes nothing: what its unit takes away (CAP_SYS_PTRACE,
/// PrivateUsers=, ProtectProc=) must not cost anybody a path that runs.
/// </summary>
[Category("Nix")]
public sealed class BlindCollectionTests
{
    private RealNixStore _store = null!;
    private Process _other = null!;
    private string _garbage = "";

    [SetUp]
    public async Task MakeStoreAsync()
    {
        _store = await RealNixStore.CreateAsync(NixRelease.Forky, RealNixStoreLayout.Chroot);
        _garbage = await _store.AddFileAsync("garbage", "no root");
        _other = Process.Start("setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", "sleep", "infinity"]);
    }

    [TearDown]
    public void RemoveStore()
    {
        _other.Kill();
        _other.WaitForExit();
        _other.Dispose();
        _store.Dispose();
    }

    [TestCase("/usr/bin/setpriv", "--bounding-set=-sys_ptrace", TestName = "Without_CAP_SYS_PTRACE_nothing_is_deleted")]
    [TestCase("/usr/bin/unshare", "--user", "--map-root-user", TestName = "In_a_user_namespace_nothing_is_deleted")]
    [TestCase(
        "/usr/bin/unshare", "--mount", "sh", "-c",
        """mount -t proc -o hidepid=invisible proc /proc && exec setpriv --bounding-set=-sys_ptrace "$0" "$@" """,
        TestName = "Where_proc_hides_processes_nothing_is_deleted")]
    public async Task Nothing_is_deleted(params string[] launcher)
    {
        await using HarmoniaDaemon daemon = await HarmoniaDaemon.StartAsync(_store, "", launcher);

        foreach (string[] arguments in (string[][])[["--gc"], ["--delete", _garbage]])
        {
            CommandResult result = await RunAsync(daemon, arguments);

            Assert.That(result.ExitCode, Is.Not.Zero);
            Assert.That(result.Errors, Does.Contain("does not see which paths process ").And.Contain("CAP_SYS_PTRACE"));
        }

        CommandResult listing = await RunAsync(daemon, "--gc", "--print-dead");
        Assert.That(listing.ExitCode, Is.Zero, listing.Errors);
        Assert.That(listing.Text, Does.Contain(_garbage));
        Assert.That(File.Exists($"{_store.RealStoreDirectory}/{Path.GetFileName(_garbage)}"));
    }

    [Test]
    public async Task A_daemon_that_hides_nothing_from_itself_collects()
    {
        await using HarmoniaDaemon daemon = await HarmoniaDaemon.StartAsync(
            _store, "", "/usr/bin/setpriv", "--bounding-set=-all,+chown,+dac_override,+dac_read_search,+fowner,+fsetid,+sys_ptrace");

        CommandResult result = await RunAsync(daemon, "--gc");

        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(File.Exists($"{_store.RealStoreDirectory}/{Path.GetFileName(_garbage)}"), Is.False);
    }

    private static Task<CommandResult> RunAsync(HarmoniaDaemon daemon, params string[] arguments) =>
        Command.TryRunAsync(NixRelease.Forky.Program("nix-store"), arguments, daemon.ClientEnvironment);
}
