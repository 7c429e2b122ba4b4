using System.Buffers;
using System.Text;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Adding;
using Harmonia.Protocol.Messages.Handshake;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;
using static Harmonia.Tests.Daemon.SampleStore;

namespace Harmonia.Tests.Daemon.Maintenance;

/// <summary>Files with equal contents are hard-linked.</summary>
public sealed class OptimiseStoreTests
{
    private const UnixFileMode Plain = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Executable = Plain | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private static readonly StorePath Tree = StorePath.Parse("08888888888888888888888888888888-tree");
    private static readonly DateTime OneSecond = DateTime.UnixEpoch.AddSeconds(1);

    private SampleStore _store = null!;

    private string Links => $"{_store.RealStoreDirectory}/.links";

    [SetUp]
    public void Begin()
    {
        _store = new SampleStore();
        foreach (StorePath path in new[] { Top, LibraryDerivation, TopDerivation, UnbuiltDerivation })
            File.SetUnixFileMode(Place(path), Plain);
        _store.Insert(Tree, "sha256:" + new string('6', 64));
        Directory.CreateDirectory($"{Place(Tree)}/folder");
        Write("folder/same", "contents of top\n", Plain);
        Write("folder/run", "contents of top\n", Executable);
        Write("run", "contents of top\n", Executable);
        Write("empty", "", Plain);
        Write("other-empty", "", Plain);
        File.CreateSymbolicLink($"{Place(Tree)}/link", "nowhere");
        File.CreateSymbolicLink($"{Place(Tree)}/folder/link", "nowhere");
        foreach (string folder in new[] { $"{Place(Tree)}/folder", Place(Tree) })
        {
            Directory.SetLastWriteTimeUtc(folder, OneSecond);
            File.SetUnixFileMode(folder, Executable);
        }
    }

    [TearDown]
    public void End() => _store.Dispose();

    [Test]
    public async Task Equal_files_are_one_file_afterwards([Values((byte)18, (byte)38)] byte minor)
    {
        await using SessionHarness harness = new(_store);
        using SessionClient client = await harness.ConnectAsync(minor);

        await OptimiseAsync(client);

        Assert.That(client.Lines.Last(), Is.EqualTo("0.00 MiB freed by hard-linking 4 files\n"));
        Assert.That(await InodeAsync($"{Tree}/folder/same"), Is.EqualTo(await InodeAsync(Top.BaseName)));
        Assert.That(await InodeAsync($"{Tree}/folder/run"), Is.EqualTo(await InodeAsync($"{Tree}/run")).And.Not.EqualTo(await InodeAsync(Top.BaseName)));
        Assert.That(await InodeAsync($"{Tree}/empty"), Is.EqualTo(await InodeAsync($"{Tree}/other-empty")));
        Assert.That(await InodeAsync($"{Tree}/link"), Is.EqualTo(await InodeAsync($"{Tree}/folder/link")));
        foreach (string folder in new[] { $"{Place(Tree)}/folder", Place(Tree) })
        {
            Assert.That(Directory.GetLastWriteTimeUtc(folder), Is.EqualTo(OneSecond), "A folder stays as it was.");
            Assert.That(File.GetUnixFileMode(folder), Is.EqualTo(Executable));
        }

        await OptimiseAsync(client);
        Assert.That(client.Lines.Last(), Is.EqualTo("0.00 MiB freed by hard-linking 0 files\n"), "There is nothing more to do.");
    }

    [Test]
    public async Task The_client_sees_how_far_it_is()
    {
        await using SessionHarness harness = new(_store);
        using SessionClient client = await harness.ConnectAsync();

        await OptimiseAsync(client);

        StderrMessage.Result[] results = [.. client.Activities.OfType<StderrMessage.Result>()];
        Assert.That(client.Activities.First(), Is.InstanceOf<StderrMessage.StartActivity>().With.Property("Type").EqualTo(ActivityType.OptimiseStore));
        Assert.That(client.Activities.Last(), Is.InstanceOf<StderrMessage.StopActivity>());
        Assert.That(results.Where(result => result.Type == ResultType.FileLinked).Select(result => result.Fields.Count), Is.EqualTo([2, 2, 2, 2]));
        Assert.That(results.Last(result => result.Type == ResultType.Progress).Fields.Select(field => field.Number), Is.EqualTo([5UL, 6UL, 0UL, 0UL]));
    }

    [Test]
    public async Task A_link_has_the_hash_of_its_file_as_name()
    {
        await using SessionHarness harness = new(_store);
        using SessionClient client = await harness.ConnectAsync();

        await OptimiseAsync(client);

        string name = NarHash.Of(FileNar("contents of top\n")).ToBase32();
        Assert.That(await InodeAsync($".links/{name}"), Is.EqualTo(await InodeAsync(Top.BaseName)));
    }

    [Test]
    public async Task A_file_that_may_be_written_to_is_left_alone()
    {
        File.SetUnixFileMode(Place(Top), Plain | UnixFileMode.UserWrite);
        await using SessionHarness harness = new(_store);
        using SessionClient client = await harness.ConnectAsync();

        await OptimiseAsync(client);

        Assert.That(client.Lines, Has.One.EqualTo($"warning: skipping suspicious writable file '{Place(Top)}'\n"));
        Assert.That(await InodeAsync($"{Tree}/folder/same"), Is.Not.EqualTo(await InodeAsync(Top.BaseName)));
    }

    [TestCase("contents of tap\n")]
    [TestCase("shorter\n")]
    public async Task A_damaged_link_replaces_no_file(string damaged)
    {
        Directory.CreateDirectory(Links);
        string link = $"{Links}/{NarHash.Of(FileNar("contents of top\n")).ToBase32()}";
        await File.WriteAllTextAsync(link, damaged);
        await using SessionHarness harness = new(_store);
        using SessionClient client = await harness.ConnectAsync();

        await OptimiseAsync(client);

        Assert.That(await File.ReadAllTextAsync(Place(Top)), Is.EqualTo("contents of top\n"));
        Assert.That(await File.ReadAllTextAsync(link), Is.EqualTo("contents of top\n"));
        Assert.That(await InodeAsync($"{Tree}/folder/same"), Is.EqualTo(await InodeAsync(Top.BaseName)));
    }

    [Test]
    public async Task What_is_added_is_linked_at_once_where_that_is_wanted([Values] bool wanted)
    {
        await using SessionHarness harness = new(_store);
        using SessionClient client = await harness.ConnectAsync();
        Dictionary<string, string> overrides = new() { ["auto-optimise-store"] = wanted ? "true" : "false" };
        await client.AskAsync(Operation.SetOptions, (writer, _) => ClientOptionsCodec.Write(writer, new ClientOptions { Overrides = overrides }));
        foreach (string name in new[] { "one", "two" })
        {
            await client.AskAsync(Operation.AddToStore, (writer, context) =>
            {
                AddToStoreRequestCodec.Write(writer, context, new AddToStoreRequest { Name = name, Method = "fixed:sha256" });
                writer.WriteUInt64(5);
                writer.Write("same\n"u8);
                writer.WriteUInt64(0);
            });
            _ = await ValidPathInfoCodec.ReadAsync(client.Reader, client.Context, default);
        }

        string[] added = [.. Directory.GetFiles(_store.RealStoreDirectory, "*-one"), .. Directory.GetFiles(_store.RealStoreDirectory, "*-two")];
        string[] inodes = [await InodeAsync(Path.GetFileName(added[0])), await InodeAsync(Path.GetFileName(added[1]))];
        Assert.That(inodes[0] == inodes[1], Is.EqualTo(wanted));
        Assert.That(Directory.GetFiles(Links), Has.Length.EqualTo(wanted ? 1 : 0));
    }

    private static async Task OptimiseAsync(SessionClient client)
    {
        await client.AskAsync(Operation.OptimiseStore);
        Assert.That(await client.Reader.ReadUInt64Async(default), Is.EqualTo(1));
    }

    private static byte[] FileNar(string contents) =>
        new WireBytes().Text("nix-archive-1", "(", "type", "regular", "contents", contents, ")").ToArray();

    private string Place(StorePath path) => $"{_store.RealStoreDirectory}/{path}";

    private void Write(string name, string contents, UnixFileMode mode)
    {
        string file = $"{Place(Tree)}/{name}";
        File.WriteAllBytes(file, Encoding.UTF8.GetBytes(contents));
        File.SetUnixFileMode(file, mode);
    }

    private async Task<string> InodeAsync(string name) =>
        (await Command.RunAsync("stat", ["--format", "%i", $"{_store.RealStoreDirectory}/{name}"])).Text.Trim();
}
