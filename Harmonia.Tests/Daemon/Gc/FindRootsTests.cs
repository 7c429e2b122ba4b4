using System.Text;
using Harmonia.Daemon.Interop;
using Harmonia.Daemon.Store;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Gc;
using Harmonia.Protocol.Messages.Handshake;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;
using static Harmonia.Tests.Daemon.SampleStore;

namespace Harmonia.Tests.Daemon.Gc;

/// <summary>The roots that a client sees.</summary>
public sealed class FindRootsTests
{
    private SampleStore _store = null!;

    private string Roots => $"{_store.StateDirectory}/gcroots";

    private string Auto => Directory.CreateDirectory($"{Roots}/auto").FullName;

    [SetUp]
    public void Begin() => _store = new SampleStore();

    [TearDown]
    public void End() => _store.Dispose();

    [Test]
    public async Task Links_files_and_links_to_links_are_roots()
    {
        string outside = $"{_store.StateDirectory}/result";
        Link(outside, Print(Library));
        Link($"{Auto}/indirect", outside);
        Link($"{Roots}/direct", $"{Print(Top)}/bin/top");
        Link($"{_store.StateDirectory}/profiles/system-1-link", Print(Top));
        Link($"{Roots}/relative", "../result");
        Link($"{Roots}/invalid", Print(Missing));
        Link($"{Roots}/elsewhere", "/etc");
        Link($"{Roots}/broken", "/nonexistent");
        Link($"{Roots}/store", "/nix/store");
        Directory.CreateDirectory($"{Roots}/per-user/somebody");
        File.WriteAllText($"{Roots}/per-user/somebody/{LibraryDerivation.BaseName}", "");
        File.WriteAllText($"{Roots}/per-user/file", "");

        Assert.That(await FindAsync(), Is.EqualTo(new[]
        {
            $"{outside} -> {Library}",
            $"{Roots}/direct -> {Top}",
            $"{_store.StateDirectory}/profiles/system-1-link -> {Top}",
            $"{Roots}/per-user/somebody/{LibraryDerivation.BaseName} -> {LibraryDerivation}",
        }));
        Assert.That(new FileInfo($"{Roots}/broken").LinkTarget, Is.Not.Null);
    }

    [Test]
    public async Task A_stale_indirect_root_is_removed()
    {
        Link($"{Auto}/stale", $"{_store.StateDirectory}/gone");
        Link($"{Auto}/no-link", _store.DatabasePath);

        Assert.That(await FindAsync(), Is.Empty);
        Assert.That(Directory.GetFileSystemEntries(Auto).Select(Path.GetFileName), Is.EqualTo(new[] { "no-link" }));
    }

    [Test]
    public async Task A_root_has_any_bytes_in_its_name()
    {
        byte[] name = [(byte)'c', 0xe9, 0xff];
        using (DirectoryHandle folder = DirectoryHandle.Open(Roots))
            folder.CreateSymlink(name, Encoding.ASCII.GetBytes(Print(Top)));

        Assert.That((await FindRawAsync(Trust.Trusted)).Single().Link.ToArray(), Is.EqualTo((byte[])[.. Encoding.UTF8.GetBytes($"{Roots}/"), .. name]));
    }

    [Test]
    public async Task A_tree_of_roots_may_be_deeper_than_any_path()
    {
        DirectoryHandle folder = DirectoryHandle.Open(Roots);
        for (int i = 0; i < 1000; i++)
        {
            folder.CreateDirectory("deep-folder"u8, 0b111_101_101);
            DirectoryHandle next = folder.OpenDirectory("deep-folder"u8);
            folder.Dispose();
            folder = next;
        }

        folder.Dispose();
        Link($"{Roots}/direct", Print(Top));

        Assert.That(await FindAsync(), Is.EqualTo(new[] { $"{Roots}/direct -> {Top}" }));
    }

    [Test]
    public async Task Temporary_roots_of_the_living_count_and_those_of_the_dead_are_removed()
    {
        string folder = $"{_store.StateDirectory}/temproots";
        File.WriteAllText($"{folder}/1", Print(Library) + '\0');
        File.WriteAllText($"{folder}/.keep", "");
        using RunningCollector collector = new(_store.StateDirectory, StoreDirectory.Default);
        using TempRootsFile file = await TempRootsFile.CreateAsync(_store.StateDirectory, StoreDirectory.Default, collector, "2-7", default);
        await file.AddAsync(Missing, default);
        await file.AddAsync(Top, default);

        Assert.That(await FindAsync(), Is.EqualTo(new[] { $"{{temp:2-7}} -> {Top}", $"{{temp:2-7}} -> {Missing}" }));
        Assert.That(Directory.GetFiles(folder).Select(Path.GetFileName), Is.EquivalentTo(new[] { ".keep", "2-7" }));
        Assert.That(await FindAsync(Trust.NotTrusted), Is.EqualTo(new[] { $"{{censored}} -> {Top}", $"{{censored}} -> {Missing}" }));
    }

    [Test]
    public async Task Running_programs_are_roots()
    {
        using System.Diagnostics.Process process = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo("sleep", ["600"]) { Environment = { ["HARMONIA_TEST"] = $"x:{Print(Top)}/bin:{Print(Missing)};{Print(Library)}" } })!;
        try
        {
            string[] expected = [$"/proc/{process.Id}/environ -> {Library}", $"/proc/{process.Id}/environ -> {Top}"];
            await Patience.UntilAsync(async () => string.Join(",", await FindAsync()) == string.Join(",", expected));
            Assert.That(await FindAsync(Trust.NotTrusted), Is.EqualTo(new[] { $"{{censored}} -> {Library}", $"{{censored}} -> {Top}" }));
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    private static void Link(string link, string target) => File.CreateSymbolicLink(link, target);

    private async Task<string[]> FindAsync(Trust trust = Trust.Trusted) =>
        [.. (await FindRawAsync(trust)).Select(root => $"{Encoding.UTF8.GetString(root.Link.Span)} -> {root.Target}")];

    private async Task<IReadOnlyList<GcRoot>> FindRawAsync(Trust trust)
    {
        await using SessionHarness harness = new(_store, trust);
        using SessionClient client = await harness.ConnectAsync();
        await client.AskAsync(Operation.FindRoots);
        return await GcRootsCodec.ReadAsync(client.Reader, client.Context, default).AsTask().InTime();
    }
}
