using Harmonia.Tests.Daemon.Adding;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

/// <summary>A user who is not root uses both daemons to keep, delete and verify paths. What is allowed depends on trust.</summary>
[Category("Nix")]
[TestFixtureSource(typeof(NixRelease), nameof(NixRelease.All))]
public sealed class DaemonUserTests(NixRelease release)
{
    private string _kept = "";
    private string _top = "";

    [TestCase("trusted-users = nobody", "trusted_users = [\"nobody\"]")]
    [TestCase("", "")]
    public async Task A_user_gets_the_same_replies_and_leaves_the_same_store(string nix, string harmonia)
    {
        await using TwinStores twins = await TwinStores.StartAsync(release, FillAsync, (nix, harmonia));
        await twins.BecomeNobodyAsync();
        bool isOld = release == NixRelease.Bookworm;
        string[][] commands =
        [
            ["nix-store", "--realise", _kept, "--add-root", "{root}/home/result", "--indirect"],
            ["nix-store", "--gc", "--print-roots"],
            ["nix-store", "--query", "--roots", _kept],
            ["nix-store", "--gc", "--print-live"],
            ["nix-store", "--verify"],
            ["nix-store", "--verify", "--check-contents"],
            ["nix-store", "--verify", "--check-contents", "--repair"],
            ["nix-store", "--optimise"],
            ["nix", "store", "optimise"],

            // Nix 2.8 lets only trusted users do that.
            .. isOld && nix.Length == 0 ? (string[][])[] : [["nix", "store", "sign", "--key-file", "{root}/etc/secret-key", _kept]],
            ["nix-store", "--delete", _kept],
            ["nix", "store", "delete", _kept],
            ["nix-store", "--delete", "--ignore-liveness", _kept],
            ["nix", "store", "delete", "--ignore-liveness", _kept],
            ["nix-store", "--delete", _top],
            ["nix-store", "--gc", "--max-freed", "0"],
            ["nix-store", "--gc"],
            ["nix", "store", "gc"],
        ];
        foreach (string[] command in commands)
        {
            await twins.RunAsync(command[0], command[1..]);
            await twins.RunAsync(command[0], command[1..], isOld ? "error: you are not" : "error:");
        }

        await twins.AssertSameContentsAsync();
        Assert.That(await twins.Ours.QueryAllAsync(), Is.EqualTo(new[] { _kept }));
        Assert.That(await StoreContents.VerifyAsync(twins.Ours), Is.Empty);
    }

    [Test]
    public async Task Who_is_refused_is_refused_everything()
    {
        await using TwinStores twins = await TwinStores.StartAsync(release, FillAsync, ("allowed-users = root", "allowed_users = [\"root\"]"));
        await twins.BecomeNobodyAsync();
        string[][] commands = [["--query", "--references", _top], ["--gc"], ["--verify"], ["--optimise"], ["--delete", _top], ["--add", "/etc/hostname"]];
        foreach (string[] command in commands)
            await twins.RunAsync("nix-store", command);

        await Patience.UntilAsync(() => twins.Harmonia.Program.Log.Split("user 'nobody' is not allowed to connect").Length > commands.Length);
        Assert.That(await twins.Ours.QueryAllAsync(), Has.Length.EqualTo(3));
    }

    private async Task FillAsync(RealNixStore store)
    {
        _kept = await store.AddFileAsync("kept", "same\n");
        string beneath = await store.AddFileAsync("beneath", "same\n");
        _top = (await store.InstantiateAsync($$"""derivation { name = "top"; system = "none"; builder = "none"; input = builtins.storePath "{{beneath}}"; }""")).Single();
    }
}
