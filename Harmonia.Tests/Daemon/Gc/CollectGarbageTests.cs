using Harmonia.Daemon.Adding;
using Harmonia.Daemon.Gc;
using Harmonia.Daemon.Interop;
using Harmonia.Daemon.Store;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Gc;
using Harmonia.Protocol.Messages.Handshake;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;
using static Harmonia.Tests.Daemon.SampleStore;

namespace Harmonia.Tests.Daemon.Gc;

/// <summary>Dead paths are deleted, and no others.</summary>
public sealed class CollectGarbageTests
{
    private SampleStore _store = null!;

    [SetUp]
    public void Begin()
    {
        _store = new SampleStore();
        _store.WriteFile(Library, "contents of library\n");
    }

    [TearDown]
    public void End() => _store.Dispose();

    private IEnumerable<StorePath> Valid => _store.Services.Database.QueryAllValidPaths();

    private string[] Files => [.. Directory.GetFileSystemEntries(_store.RealStoreDirectory).Select(Path.GetFileName).Where(name => name != ".links").Order(StringComparer.Ordinal)!];

    [Test]
    public async Task A_root_keeps_its_references_and_their_derivations()
    {
        Keep(Top);

        Assert.That(await ListAsync(GcAction.ReturnLive), Is.EqualTo(Printed(Library, Top, LibraryDerivation, TopDerivation)));
        Assert.That(await ListAsync(GcAction.ReturnDead), Is.EqualTo(Printed(UnbuiltDerivation)));
        Assert.That(Valid.Count(), Is.EqualTo(5));
    }

    [Test]
    public async Task Everything_goes_that_nothing_keeps()
    {
        CollectGarbageResult result = await CollectAsync(new CollectGarbageRequest { Action = GcAction.DeleteDead });

        Assert.That(result.Paths, Is.EqualTo(Printed(Library, Top, LibraryDerivation, TopDerivation, UnbuiltDerivation)));
        Assert.That(result.BytesFreed, Is.GreaterThan(36));
        Assert.That(Valid, Is.Empty);
        Assert.That(Files, Is.Empty);
    }

    [TestCase(false, false, TestName = "Without_either_setting_a_root_keeps_only_what_it_refers_to")]
    [TestCase(true, false, TestName = "A_derivation_keeps_its_output")]
    [TestCase(false, true, TestName = "A_derivation_that_is_a_root_keeps_no_output")]
    public async Task Settings_decide_about_outputs_and_derivations(bool outputs, bool derivations)
    {
        Keep(TopDerivation);
        CollectGarbageResult live = await _store.Services.Collector.CollectAsync(
            new CollectGarbageRequest { Action = GcAction.ReturnLive }, new KeepRules(outputs, derivations), (_, _) => { }, default);

        Assert.That(live.Paths.Order(StringComparer.Ordinal), Is.EqualTo(outputs
            ? Printed(Library, Top, LibraryDerivation, TopDerivation)
            : Printed(LibraryDerivation, TopDerivation)));
    }

    [Test]
    public async Task Invalid_files_in_the_store_are_deleted_unless_they_are_in_use()
    {
        Keep(Top);
        _store.WriteFile(Missing, "half");
        _store.WriteFile(StorePath.Parse($"{Missing}.lock"), "");
        _store.WriteFile(StorePath.Parse($"{MissingDerivation}.lock"), "");
        _store.WriteFile(UnbuiltDerivation, "x");
        File.WriteAllText($"{_store.RealStoreDirectory}/stray", "");
        Directory.CreateDirectory($"{_store.RealStoreDirectory}/tmp-1-1/x");
        Directory.CreateDirectory($"{_store.RealStoreDirectory}/.links");
        using DirectoryHandle directory = DirectoryHandle.Open(_store.RealStoreDirectory);
        using ScratchDirectory scratch = ScratchDirectory.Create(directory);
        using TempRootsFile file = await _store.Services.TempRoots.CreateFileAsync(default);
        await file.AddAsync(Missing, default);
        string[] before = Files;

        string[] dead = await ListAsync(GcAction.ReturnDead);
        Assert.That(dead, Is.EqualTo(Printed(UnbuiltDerivation).Append(Print(StorePath.Parse($"{MissingDerivation}.lock"))).Append("/nix/store/stray")));
        Assert.That(Files, Is.EqualTo(before), "A dry run deletes nothing.");

        CollectGarbageResult result = await CollectAsync(new CollectGarbageRequest { Action = GcAction.DeleteDead });

        Assert.That(result.Paths, Is.EquivalentTo(dead.Append("/nix/store/tmp-1-1")));
        Assert.That(Files, Is.EqualTo(before.Except(result.Paths.Select(path => path["/nix/store/".Length..]))));
    }

    [Test]
    public async Task A_limit_ends_the_collection()
    {
        CollectGarbageResult nothing = await CollectAsync(new CollectGarbageRequest { Action = GcAction.DeleteDead, MaxFreed = 0 });
        Assert.That(nothing.Paths, Is.Empty);

        CollectGarbageResult one = await CollectAsync(new CollectGarbageRequest { Action = GcAction.DeleteDead, MaxFreed = 1 });
        Assert.That(one.Paths, Has.Count.EqualTo(1));
        Assert.That(Valid.Count(), Is.EqualTo(4));
    }

    [Test]
    public async Task Certain_paths_go_only_when_nothing_needs_them()
    {
        Assert.That(
            () => CollectAsync(new CollectGarbageRequest { Action = GcAction.DeleteSpecific, Paths = [Library] }),
            Throws.TypeOf<RemoteErrorException>().With.Message.StartsWith($"Cannot delete path '{Print(Library)}' since it is still alive."));
        Assert.That(Valid.Count(), Is.EqualTo(5));

        CollectGarbageResult result = await CollectAsync(new CollectGarbageRequest { Action = GcAction.DeleteSpecific, Paths = [Library, Top] });
        Assert.That(result.Paths, Is.EqualTo(Printed(Library, Top)));
        Assert.That(Valid.Count(), Is.EqualTo(3));
    }

    [Test]
    public async Task Old_clients_can_not_delete_a_derivation_whose_output_is_kept([Values] bool knowsReferrers)
    {
        Keep(Top);
        Task<CollectGarbageResult> deletion = CollectAsync(
            new CollectGarbageRequest { Action = GcAction.DeleteSpecific, Paths = [TopDerivation] }, knowsReferrers);

        if (knowsReferrers)
            Assert.That((await deletion).Paths, Is.EqualTo(Printed(TopDerivation)));
        else
            Assert.That(() => deletion, Throws.TypeOf<RemoteErrorException>().With.Message.Contains("still alive"));
    }

    [Test]
    public async Task Referrers_go_too_when_the_client_says_so()
    {
        Keep(LibraryDerivation);
        CollectGarbageRequest request = new() { Action = GcAction.DeleteDead, Paths = [Library, LibraryDerivation], DeleteReferrers = true };
        Assert.That((await CollectAsync(request with { Action = GcAction.ReturnDead }, true)).Paths, Is.EqualTo(Printed(Library, Top)));
        Assert.That((await CollectAsync(request with { Action = GcAction.ReturnLive }, true)).Paths, Is.EqualTo(Printed(LibraryDerivation)));

        Assert.That((await CollectAsync(request, true)).Paths, Is.EqualTo(Printed(Library, Top)));
        Assert.That(Valid, Is.EqualTo(new[] { LibraryDerivation, TopDerivation, UnbuiltDerivation }));
    }

    [Test]
    public async Task Nothing_is_deleted_that_may_not_be()
    {
        foreach ((CollectGarbageRequest request, bool knowsReferrers, string problem) in new[]
        {
            (new CollectGarbageRequest { Action = GcAction.DeleteDead, IgnoreLiveness = true }, false, "you are not allowed to ignore liveness"),
            (new CollectGarbageRequest { Action = GcAction.DeleteSpecific }, true, "Cannot delete the entire store"),
            (new CollectGarbageRequest { Action = GcAction.DeleteDead, Paths = [Top] }, false, "not supported by the negotiated protocol"),
        })
        {
            Assert.That(() => CollectAsync(request, knowsReferrers), Throws.TypeOf<RemoteErrorException>().With.Message.Contains(problem));
        }

        Assert.That((await CollectAsync(new CollectGarbageRequest { Action = GcAction.DeleteSpecific, Paths = [] }, true)).Paths, Is.Empty);
        Assert.That(Valid.Count(), Is.EqualTo(5));
    }

    [Test]
    public async Task What_another_client_of_ours_needs_stays()
    {
        await using SessionHarness harness = new(_store, Trust.NotTrusted);
        using SessionClient client = await harness.ConnectAsync();
        await client.AskAsync(Operation.AddTempRoot, Top);

        await CollectAsync(new CollectGarbageRequest { Action = GcAction.DeleteDead });

        Assert.That(Valid, Is.EqualTo(new[] { Library, Top, LibraryDerivation, TopDerivation }));
    }

    [Test]
    public async Task Unused_links_are_removed()
    {
        Keep(Top);
        string links = Directory.CreateDirectory($"{_store.RealStoreDirectory}/.links").FullName;
        File.WriteAllText($"{links}/unused", "x");
        File.WriteAllText($"{links}/used", "x");
        await Command.RunAsync("ln", [$"{links}/used", $"{_store.StateDirectory}/used"]);

        await CollectAsync(new CollectGarbageRequest { Action = GcAction.DeleteDead });

        Assert.That(Directory.GetFiles(links).Select(Path.GetFileName), Is.EqualTo(new[] { "used" }));
    }

    [Test]
    public async Task The_client_gets_the_log()
    {
        await using SessionHarness harness = new(_store, Trust.NotTrusted);
        using SessionClient client = await harness.ConnectAsync();
        await AskAsync(client, new CollectGarbageRequest { Action = GcAction.DeleteSpecific, Paths = [Top] });

        Assert.That(client.Lines, Is.EqualTo(new[]
        {
            "finding garbage collector roots...\n", $"deleting '{Print(Top)}'\n", "deleting unused links...\n",
            "note: hard linking is currently saving 0.0 MiB\n",
        }));
    }

    [Test]
    public async Task The_nearly_full_disk_is_noticed_once_in_a_while()
    {
        Keep(Top);
        long free = 100;
        FakeTime time = new();
        AutoGc automatic = new(_store.Services.Collector, new KeepRules(false, true), minFree: 50, maxFree: 1000, time, new CapturedLog().CreateLogger("gc"))
        {
            ReadFree = () => free,
        };
        await automatic.MakeRoomAsync(default).InTime();
        free = 10;
        await automatic.MakeRoomAsync(default).InTime();
        Assert.That(Valid.Count(), Is.EqualTo(5), "Enough was free a moment ago.");

        time.Advance(TimeSpan.FromSeconds(6));
        await automatic.MakeRoomAsync(default).InTime();
        Assert.That(Valid.Count(), Is.EqualTo(4));
    }

    private void Keep(StorePath path) => File.CreateSymbolicLink($"{_store.StateDirectory}/gcroots/{path.Hash}", Print(path));

    private static IEnumerable<string> Printed(params StorePath[] paths) => paths.Select(Print);

    private async Task<string[]> ListAsync(GcAction action) => [.. (await CollectAsync(new CollectGarbageRequest { Action = action })).Paths];

    private async Task<CollectGarbageResult> CollectAsync(CollectGarbageRequest request, bool knowsReferrers = false)
    {
        await using SessionHarness harness = new(_store, Trust.NotTrusted);
        using SessionClient client = await harness.ConnectAsync(38, knowsReferrers ? [ProtocolFeatures.DeleteDeadSpecificReferrers] : []);
        return await AskAsync(client, request);
    }

    private static async Task<CollectGarbageResult> AskAsync(SessionClient client, CollectGarbageRequest request)
    {
        await client.AskAsync(Operation.CollectGarbage, (writer, context) => CollectGarbageRequestCodec.Write(writer, context, request));
        return await CollectGarbageResultCodec.ReadAsync(client.Reader, default).AsTask().InTime();
    }
}
