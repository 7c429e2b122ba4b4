using Harmonia.Daemon.Interop;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Gc;
using Harmonia.Protocol.Messages.Handshake;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;
using static Harmonia.Tests.Daemon.SampleStore;

namespace Harmonia.Tests.Daemon.Maintenance;

/// <summary>Verification of database, files and links.</summary>
public sealed class VerifyStoreTests
{
    private static readonly StorePath Whole = StorePath.Parse("08888888888888888888888888888888-whole");

    private SampleStore _store = null!;

    [SetUp]
    public void Begin() => _store = new SampleStore();

    [TearDown]
    public void End() => _store.Dispose();

    [Test]
    public async Task Paths_without_files_become_invalid_referrers_first()
    {
        File.Delete(Place(Top));
        await using SessionHarness harness = new(_store, Trust.NotTrusted);
        using SessionClient client = await harness.ConnectAsync();

        Assert.That(await VerifyAsync(client), Is.False);

        Assert.That(await client.IsValidPathAsync(Top), Is.False);
        Assert.That(await client.IsValidPathAsync(Library), Is.False);
        Assert.That(await client.IsValidPathAsync(TopDerivation), Is.True);
        Assert.That(await VerifyAsync(client), Is.False);
    }

    [Test]
    public async Task A_path_that_others_need_stays_and_is_reported()
    {
        await using SessionHarness harness = new(_store, Trust.NotTrusted);
        using SessionClient client = await harness.ConnectAsync();

        Assert.That(await VerifyAsync(client), Is.True);

        Assert.That(client.Lines, Has.One.EqualTo($"path '{Print(Library)}' disappeared, but it still has valid referrers!\n"));
        Assert.That(CorruptedPaths(client), Is.EqualTo([Print(Library)]));
        Assert.That(await client.IsValidPathAsync(Library), Is.True);
    }

    [Test]
    public async Task Contents_that_are_not_what_the_database_says_are_reported([Values((byte)18, (byte)38)] byte minor)
    {
        _store.WriteFile(Library, "library");
        AddWhole();
        await using SessionHarness harness = new(_store);
        using SessionClient client = await harness.ConnectAsync(minor);

        Assert.That(await VerifyAsync(client, checkContents: true), Is.True);

        string[] modified = [.. client.Lines.Where(line => line.Contains("was modified! expected hash 'sha256:", StringComparison.Ordinal)).Order()];
        Assert.That(modified.Select(line => line.Split('\'')[1]), Is.EqualTo(new[] { Library, Top, LibraryDerivation, TopDerivation, UnbuiltDerivation }.Select(Print)));
        if (minor >= 20)
            Assert.That(CorruptedPaths(client).Order(), Is.EqualTo(modified.Select(line => line.Split('\'')[1])));
    }

    [Test]
    public async Task Repair_says_what_it_cannot_do()
    {
        await using SessionHarness harness = new(_store);
        using SessionClient client = await harness.ConnectAsync();

        Assert.That(await VerifyAsync(client, checkContents: true, repair: true), Is.True);

        Assert.That(client.Lines, Has.Some.StartsWith($"cannot repair path '{Print(Library)}'").And.Some.StartsWith($"cannot repair path '{Print(Top)}'"));
    }

    [Test]
    public async Task Only_a_trusted_client_may_repair()
    {
        await using SessionHarness harness = new(_store, Trust.NotTrusted);
        using SessionClient client = await harness.ConnectAsync();

        Assert.That(
            () => VerifyAsync(client, repair: true), Throws.TypeOf<RemoteErrorException>().With.Message.EqualTo("you are not privileged to repair paths"));
        Assert.That(await client.IsValidPathAsync(Library), Is.True);
    }

    [Test]
    public async Task What_old_releases_did_not_record_is_filled_in()
    {
        Clear();
        AddWhole();
        _store.Execute($"update ValidPaths set hash = 'sha256:{new string('0', 64)}', narSize = null where path = '{Print(Whole)}'");
        await using SessionHarness harness = new(_store);
        using SessionClient client = await harness.ConnectAsync();

        Assert.That(await VerifyAsync(client, checkContents: true), Is.False);

        UnkeyedValidPathInfo info = _store.Services.Database.QueryPathInfo(Whole)!;
        Assert.That(info.NarHash, Is.EqualTo(NarHash.Of(FileNar("whole"))));
        Assert.That(info.NarSize, Is.EqualTo((ulong)FileNar("whole").Length));
        Assert.That(client.Lines, Has.One.EqualTo($"fixing missing hash on '{Print(Whole)}'\n"));
    }

    [Test]
    public async Task A_row_that_cannot_be_read_is_an_error_of_its_path()
    {
        Clear();
        AddWhole();
        _store.Insert(Top, "md5:" + new string('1', 32));
        _store.WriteFile(Top, "top");
        await using SessionHarness harness = new(_store);
        using SessionClient client = await harness.ConnectAsync();

        Assert.That(await VerifyAsync(client, checkContents: true), Is.True);

        Assert.That(CorruptedPaths(client), Is.EqualTo([Print(Top)]));
    }

    [Test]
    public async Task A_link_that_was_changed_is_reported_and_removed_by_a_repair()
    {
        Clear();
        string links = Directory.CreateDirectory($"{_store.RealStoreDirectory}/.links").FullName;
        await File.WriteAllTextAsync($"{links}/{NarHash.Of(FileNar("good")).ToBase32()}", "good");
        string bad = $"{links}/{NarHash.Of(FileNar("good too")).ToBase32()}";
        await File.WriteAllTextAsync(bad, "bad");
        await using SessionHarness harness = new(_store);
        using SessionClient client = await harness.ConnectAsync();

        Assert.That(await VerifyAsync(client), Is.False, "Only with contents.");
        Assert.That(await VerifyAsync(client, checkContents: true), Is.True);
        Assert.That(client.Lines, Has.One.StartsWith($"link '{bad}' was modified!"));
        Assert.That(await VerifyAsync(client, checkContents: true, repair: true), Is.False);
        Assert.That(Directory.GetFiles(links), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task A_collector_that_runs_is_waited_for()
    {
        Clear();
        await using SessionHarness harness = new(_store);
        using SessionClient client = await harness.ConnectAsync();
        Task<bool> verification;
        using (LockFile collectorLock = LockFile.Open($"{_store.StateDirectory}/gc.lock"))
        {
            collectorLock.LockExclusive();
            client.Writer.WriteUInt64((uint)Operation.VerifyStore);
            VerifyStoreRequestCodec.Write(client.Writer, new VerifyStoreRequest(false, false));
            await client.Writer.FlushAsync(default);
            StderrMessage message;
            do
                message = await StderrCodec.ReadAsync(client.Reader, client.Context.Version, default).AsTask().InTime();
            while (message is not StderrMessage.Next { Text: "waiting for the big garbage collector lock...\n" });
            verification = ReadReplyAsync(client);
        }

        Assert.That(await verification, Is.False);
    }

    private static async Task<bool> VerifyAsync(SessionClient client, bool checkContents = false, bool repair = false)
    {
        await client.AskAsync(Operation.VerifyStore, (writer, _) => VerifyStoreRequestCodec.Write(writer, new VerifyStoreRequest(checkContents, repair)));
        return await client.Reader.ReadBoolAsync(default).AsTask().InTime();
    }

    private static async Task<bool> ReadReplyAsync(SessionClient client)
    {
        await client.ReadVerdictAsync();
        return await client.Reader.ReadBoolAsync(default).AsTask().InTime();
    }

    private static string[] CorruptedPaths(SessionClient client) =>
    [
        .. client.Activities.OfType<StderrMessage.Result>().Where(result => result.Type == ResultType.CorruptedPath).Select(result => result.Fields[0].Text!),
    ];

    private static byte[] FileNar(string contents) =>
        new WireBytes().Text("nix-archive-1", "(", "type", "regular", "contents", contents, ")").ToArray();

    private string Place(StorePath path) => $"{_store.RealStoreDirectory}/{path}";

    private void AddWhole()
    {
        _store.WriteFile(Whole, "whole");
        _store.Insert(Whole, NarHash.Of(FileNar("whole")).ToPrefixedBase16(), narSize: FileNar("whole").Length);
    }

    private void Clear() => _store.Execute("delete from Refs", "delete from DerivationOutputs", "delete from ValidPaths");
}
