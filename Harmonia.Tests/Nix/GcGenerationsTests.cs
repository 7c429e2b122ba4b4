using Harmonia.Daemon.Interop;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

/// <summary>Which generations <c>harmonia-daemon gc</c> deletes: those that Nix deletes, as far as it may.</summary>
[Category("Nix")]
public sealed class GcGenerationsTests
{
    private static readonly string[] AsNobody = ["--reuid=65534", "--regid=65534", "--clear-groups"];

    private GarbageStore _garbage = null!;

    [SetUp]
    public async Task BeginAsync() => _garbage = await CreateAsync(NixRelease.Bookworm);

    [TearDown]
    public async Task EndAsync() => await _garbage.DisposeAsync();

    [TestCaseSource(typeof(NixRelease), nameof(NixRelease.All))]
    public async Task They_are_those_that_Nix_deletes(NixRelease release)
    {
        foreach (string age in (string[])["1d", "30d", "50d", "300d"])
        {
            await using GarbageStore theirs = await CreateAsync(release);
            await theirs.Store.RunAsync("nix-collect-garbage", "--delete-older-than", age);
            await using GarbageStore ours = await CreateAsync(release);
            await ours.StartAsync();

            CommandResult result = await ours.CollectAsync("--delete-older-than", age);

            Assert.That(result.ExitCode, Is.Zero, result.Errors);
            Assert.That(ours.ProfileNames, Is.EqualTo(theirs.ProfileNames), age);

            // Nix looks there for other users than root. Home Manager has profiles there for every user.
            Assert.That(ours.UserProfileNames, Is.EqualTo(ours.ProfileNames.Where(IsOfSystem)), age);
        }
    }

    [Test]
    public async Task Who_may_not_delete_them_is_told_and_collects_all_the_same()
    {
        await _garbage.StartAsync();
        string[] before = _garbage.ProfileNames;
        await Command.RunAsync("chmod", ["0755", _garbage.Store.Root, Path.GetDirectoryName(_garbage.Socket)!]);

        CommandResult result = await Command.TryRunAsync(
            "setpriv",
            [
                .. AsNobody, HarmoniaProgram.Path("harmonia-daemon"), "gc", "--config", _garbage.Configuration, "--delete-older-than", "30d",
                _garbage.Socket,
            ],
            new Dictionary<string, string?>(_garbage.Store.Environment) { ["HOME"] = "/nonexistent" });

        Assert.That(result.ExitCode, Is.EqualTo(1), result.Text);
        Assert.That(result.Errors, Does.Contain(
            $"3 old generations of {_garbage.Profiles}/system stayed: this user may not change {_garbage.Profiles}; run the command as root"));
        Assert.That(result.Text, Does.Contain("Deleted 1 path and freed"));
        Assert.That(_garbage.ProfileNames, Is.EqualTo(before));
    }

    [Test]
    public async Task A_profile_in_use_is_left_alone()
    {
        await _garbage.StartAsync();
        string[] before = _garbage.ProfileNames;
        using LockFile held = LockFile.Open($"{_garbage.Profiles}/system.lock");
        held.LockExclusive();

        CommandResult result = await _garbage.CollectAsync("--delete-older-than", "30d");

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Errors, Does.Contain($"another process holds {_garbage.Profiles}/system.lock; try again when it has ended"));
        Assert.That(_garbage.ProfileNames.Where(IsOfSystem), Is.SupersetOf(before.Where(IsOfSystem)));
        Assert.That(_garbage.ProfileNames, Has.None.EqualTo("rolled-1-link"), "The other profile is not in use.");
    }

    // Directories below profiles/per-user belong to users. What is done there as root must not reach beyond.
    [Test]
    public async Task A_users_links_lead_nowhere()
    {
        await _garbage.StartAsync();
        string victim = $"{_garbage.Store.Root}/victim";
        await File.WriteAllTextAsync(victim, "");
        File.CreateSymbolicLink($"{_garbage.Profiles}/system.lock", victim);
        string elsewhere = Directory.CreateDirectory($"{_garbage.Store.Root}/elsewhere").FullName;
        foreach (string name in (string[])["p-1-link", "p-2-link", "p-3-link"])
        {
            File.CreateSymbolicLink($"{elsewhere}/{name}", "/nix/store/x");
            await Command.RunAsync("touch", ["--no-dereference", "--date", "90 days ago", $"{elsewhere}/{name}"]);
        }

        File.CreateSymbolicLink($"{elsewhere}/p", "p-3-link");
        File.CreateSymbolicLink($"{_garbage.Profiles}/inner", elsewhere);

        CommandResult result = await _garbage.CollectAsync("--delete-older-than", "30d");

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Errors, Does.Contain("system.lock"));
        Assert.That(new FileInfo(victim).Length, Is.Zero);
        Assert.That(Directory.GetFileSystemEntries(elsewhere), Has.Length.EqualTo(4));
    }

    private static bool IsOfSystem(string name) => name.StartsWith("system", StringComparison.Ordinal);

    // A profile that was rolled back, one in a folder of its own, and one of the user.
    private static async Task<GarbageStore> CreateAsync(NixRelease release)
    {
        GarbageStore store = await GarbageStore.CreateAsync(release);
        string[] paths = [await store.Store.AddFileAsync("a", "a"), await store.Store.AddFileAsync("b", "b"), await store.Store.AddFileAsync("c", "c")];
        await store.Store.AddFileAsync("garbage", "x");
        int[] days = [200, 100, 45, 40, 2];
        for (int i = 0; i < days.Length; i++)
        {
            await store.SwitchAsync("system", paths[i % 3], days[i]);
            await store.SwitchAsync("rolled", paths[i % 3], days[i]);
        }

        File.Delete($"{store.Profiles}/rolled");
        File.CreateSymbolicLink($"{store.Profiles}/rolled", "rolled-2-link");
        string user = Directory.CreateDirectory(store.UserProfiles).FullName;
        await Command.RunAsync("cp", ["--archive", .. Directory.GetFileSystemEntries(store.Profiles, "system*"), user]);
        return store;
    }
}
