using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Stderr;
using NUnit.Framework;
using static Harmonia.Tests.Daemon.SampleStore;

namespace Harmonia.Tests.Daemon.Operations;

public sealed class TempRootTests
{
    private SampleStore _store = null!;

    private string Folder => Path.Combine(_store.StateDirectory, "temproots");

    [SetUp]
    public void Begin() => _store = new SampleStore();

    [TearDown]
    public void End() => _store.Dispose();

    [Test]
    public async Task A_root_lasts_as_long_as_its_connection()
    {
        await using (SessionHarness harness = new(_store))
        {
            using SessionClient client = await harness.ConnectAsync();
            await client.AskAsync(Operation.AddTempRoot, Top);
            Assert.That(await client.Reader.ReadUInt64Async(default), Is.EqualTo(1));
            await client.AskAsync(Operation.AddTempRoot, Missing);
            Assert.That(await client.Reader.ReadUInt64Async(default), Is.EqualTo(1));
            Assert.That(LockedFile.ReadText(Directory.GetFiles(Folder).Single()), Is.EqualTo($"{Print(Top)}\0{Print(Missing)}\0"));
        }

        Assert.That(Directory.GetFiles(Folder), Is.Empty);
    }

    [Test]
    public async Task The_client_gets_an_error_if_the_daemon_may_not_write()
    {
        Directory.Delete(Folder);
        await using SessionHarness harness = new(_store);
        using SessionClient client = await harness.ConnectAsync();

        Assert.That(
            () => client.AskAsync(Operation.AddTempRoot, Top), Throws.TypeOf<RemoteErrorException>().With.Message.Contains(Folder));
        Assert.That(await client.IsValidPathAsync(Top), Is.True);
    }

    [Test]
    public async Task A_tree_is_protected_while_it_is_sent()
    {
        string contents = new('x', 4 << 20);
        _store.WriteFile(Top, contents);
        await using SessionHarness harness = new(_store);
        using SessionClient client = await harness.ConnectAsync();
        await client.AskAsync(Operation.NarFromPath, Top);
        Assert.That(LockedFile.ReadText(Directory.GetFiles(Folder).Single()), Is.EqualTo($"{Print(Top)}\0"));
        foreach (string token in new[] { "nix-archive-1", "(", "type", "regular", "contents", contents, ")" })
            Assert.That(await client.Reader.ReadStringAsync(contents.Length, default), Is.EqualTo(token));
        Assert.That(await client.IsValidPathAsync(Top), Is.True);

        Assert.That(Directory.GetFiles(Folder), Is.Empty);
    }

    [Test]
    public async Task A_tree_is_sent_even_if_it_cannot_be_protected()
    {
        Directory.Delete(Folder);
        await using SessionHarness harness = new(_store);
        using SessionClient client = await harness.ConnectAsync();

        await client.AskAsync(Operation.NarFromPath, Top);
        Assert.That(await client.Reader.ReadStringAsync(100, default), Is.EqualTo("nix-archive-1"));
    }
}
