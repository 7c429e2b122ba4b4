using System.Text.Json;
using Harmonia.Daemon.Interop;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

/// <summary>How <c>harmonia-daemon gc</c> ends, and what it says: free space, failures, interruptions, JSON.</summary>
[Category("Nix")]
public sealed class GcOutcomeTests
{
    private const long MebiByte = 1 << 20;

    private GarbageStore _garbage = null!;

    [SetUp]
    public async Task BeginAsync() => _garbage = await GarbageStore.CreateAsync(NixRelease.Forky);

    [TearDown]
    public async Task EndAsync() => await _garbage.DisposeAsync();

    [Test]
    public async Task No_more_is_deleted_than_it_takes_to_have_enough_free_space()
    {
        using SmallDisk disk = new(64 * MebiByte, _garbage.Store.StoreDirectory);
        string kept = await _garbage.Store.AddFileAsync("kept", new string('x', (int)(24 * MebiByte)));
        File.CreateSymbolicLink($"{Directory.CreateDirectory($"{_garbage.Store.StateDirectory}/gcroots").FullName}/kept", kept);
        for (int i = 0; i < 4; i++)
            await _garbage.Store.AddFileAsync($"file{i}", new string((char)('a' + i), (int)(8 * MebiByte)));
        await _garbage.StartAsync();

        CommandResult enough = await _garbage.CollectAsync("--ensure-free", "5M");
        Assert.That((enough.ExitCode, enough.Text), Is.EqualTo((0, "No garbage was collected: 8.00 MiB are free, and --ensure-free asks for 5.00 MiB.\n")));
        Assert.That(await _garbage.Store.QueryAllAsync(), Has.Length.EqualTo(5));

        CommandResult two = await _garbage.CollectAsync("--ensure-free", "37%");
        Assert.That((two.ExitCode, two.Text), Is.EqualTo((0, "Deleted 2 paths and freed 16.00 MiB.\n24.00 MiB are free.\n")), two.Errors);

        CommandResult limited = await _garbage.CollectAsync("--ensure-free", "60M", "--max-freed", "1K");
        Assert.That(limited.ExitCode, Is.EqualTo(3));
        Assert.That(limited.Text, Does.Contain("--ensure-free asks for 60.00 MiB: --max-freed ended the collection before."));

        CommandResult tooLittle = await _garbage.CollectAsync("--ensure-free", "60M");
        Assert.That(tooLittle.ExitCode, Is.EqualTo(3));
        Assert.That(tooLittle.Text, Does.StartWith("Deleted 1 path and freed 8.00 MiB.\n40.00 MiB are free.\n")
            .And.Contain("--ensure-free asks for 60.00 MiB: there is no more garbage.").And.Contain("What else is in the store is in use.")
            .And.Contain("1 other link,"));
    }

    [Test]
    public async Task The_JSON_has_every_member_whatever_happened()
    {
        string path = await _garbage.Store.AddFileAsync("file", "x");
        await _garbage.SwitchAsync("system", path, 90);
        await _garbage.SwitchAsync("system", await _garbage.Store.AddFileAsync("second", "z"), 50);
        await _garbage.SwitchAsync("system", await _garbage.Store.AddFileAsync("other", "y"), 0);
        await _garbage.StartAsync();
        string[] members = ["dryRun", "generations", "paths", "narSize", "bytesFreed", "limit", "kept", "free", "freeWanted"];

        JsonElement foreseen = await _garbage.ReportAsync("--delete-older-than", "30d", "--dry-run", "--max-freed", "1G");
        JsonElement done = await _garbage.ReportAsync("--delete-older-than", "30d");
        JsonElement none = await _garbage.ReportAsync("--ensure-free", "1");

        foreach (JsonElement report in (JsonElement[])[foreseen, done, none])
            Assert.That(report.EnumerateObject().Select(member => member.Name), Is.EqualTo(members));
        Assert.That(foreseen.GetProperty("dryRun").GetBoolean(), Is.True);
        Assert.That(foreseen.GetProperty("bytesFreed").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(foreseen.GetProperty("limit").GetInt64(), Is.EqualTo(1 << 30));
        JsonElement generation = done.GetProperty("generations").EnumerateArray().Single();
        Assert.That(generation.GetProperty("profile").GetString(), Is.EqualTo($"{_garbage.Profiles}/system"));
        Assert.That(generation.GetProperty("number").GetInt32(), Is.EqualTo(1));
        Assert.That(DateTimeOffset.UtcNow - generation.GetProperty("created").GetDateTimeOffset(), Is.EqualTo(TimeSpan.FromDays(90)).Within(TimeSpan.FromHours(2)));
        Assert.That(generation.GetProperty("problem").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(done.GetProperty("bytesFreed").GetInt64(), Is.Positive);
        Assert.That(GarbageStore.PathsOf(done), Is.EqualTo(new[] { path }).And.EqualTo(GarbageStore.PathsOf(foreseen)));
        Assert.That(none.GetProperty("freeWanted").GetInt64(), Is.EqualTo(1));
        Assert.That(none.GetProperty("free").GetInt64(), Is.GreaterThan(1));
    }

    [Test]
    public async Task Who_interrupts_it_ends_the_daemons_collection_too()
    {
        await _garbage.Store.AddFileAsync("file", "x");
        await _garbage.StartAsync();
        using LockFile other = LockFile.Open($"{_garbage.Store.StateDirectory}/gc.lock");
        other.LockExclusive();
        await using HarmoniaProgram gc = HarmoniaProgram.Launch(
            "harmonia-daemon", ["gc", "--config", _garbage.Configuration, _garbage.Socket], _garbage.Store.Environment);
        await gc.WaitUntilAsync(() => Task.FromResult(gc.Log.Contains("waiting for the big garbage collector lock", StringComparison.Ordinal)));

        Assert.That(await gc.TerminateAsync(), Is.EqualTo(1));
        Assert.That(gc.Log, Does.Contain("Interrupted. What was deleted before stays deleted; the next collection goes on."));

        // The daemon would delete the file now if it were still waiting.
        other.Unlock();
        Assert.That(GarbageStore.PathsOf(await _garbage.ReportAsync("--dry-run")), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task A_daemon_that_is_not_there_or_does_not_collect_is_a_failure()
    {
        await _garbage.StartAsync(configuration: "allowed_users = []\ntrusted_users = [\"nobody\"]");

        CommandResult refused = await _garbage.CollectAsync();
        CommandResult gone = await Command.TryRunAsync(
            HarmoniaProgram.Path("harmonia-daemon"), ["gc", "--config", _garbage.Configuration, $"{_garbage.Store.Root}/nothing"], _garbage.Store.Environment);

        Assert.That((refused.ExitCode, refused.Text), Is.EqualTo((1, "")));
        Assert.That(refused.Errors, Does.Contain($"The Nix daemon at {_garbage.Socket} cannot be used: it closed the connection"));
        Assert.That((gone.ExitCode, gone.Text), Is.EqualTo((1, "")));
        Assert.That(gone.Errors, Does.Contain($"The Nix daemon at {_garbage.Store.Root}/nothing cannot be used: there is no such file."));
    }
}
