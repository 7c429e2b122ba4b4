using System.Buffers;
using System.Net.Sockets;
using Harmonia.Protocol.Client;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Adding;
using Harmonia.Protocol.Messages.Gc;
using Harmonia.Protocol.Messages.Queries;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Daemon.Commands;
using Harmonia.Tests.Protocol.Messages;
using Harmonia.Tests.Support;
using NUnit.Framework;
using static Harmonia.Tests.Daemon.SampleStore;

namespace Harmonia.Tests.Daemon.Operations;

/// <summary>A cache learns which paths have changed, from a daemon in a process of its own over its socket.</summary>
public sealed class NamedChangesTests
{
    private static readonly StorePath Added = StorePath.Parse("08888888888888888888888888888888-added");

    private SampleStore _store = null!;
    private DaemonProcess _daemon = null!;
    private DaemonClient _cache = null!;
    private SessionClient _user = null!;
    private ulong _known;

    [SetUp]
    public async Task StartAsync()
    {
        _store = new SampleStore();
        _store.Insert(Added, "sha256:" + new string('8', 64), narSize: 800);
        _daemon = await DaemonProcess.StartAsync(_store);
        _cache = await ConnectAsync();
        _user = await _daemon.ConnectAsync();
        StoreChange first = await _cache.AwaitStoreChangeAsync(0, TimeSpan.Zero, default).InTime();
        Assert.That(first.HashParts, Is.Null, "Any path may have changed before.");
        _known = first.Generation;
    }

    [TearDown]
    public async Task StopAsync()
    {
        _cache.Dispose();
        _user.Dispose();
        await _daemon.DisposeAsync();
        _store.Dispose();
    }

    [Test]
    public async Task A_path_is_named_when_it_is_deleted_added_and_signed()
    {
        await DeleteAsync();
        Assert.That(await NextAsync(), Is.EqualTo(new[] { Added.Hash }));
        Assert.That(await _cache.QueryPathInfosAsync([Added.Hash], default).InTime(), Is.EqualTo(new ValidPathInfo?[] { null }));

        await AddAsync("one");
        Assert.That(await NextAsync(), Is.EqualTo(new[] { Added.Hash }));
        Assert.That((await _cache.QueryPathInfosAsync([Added.Hash], default).InTime())[0]!.Info.NarHash, Is.EqualTo(NarHash.Of(Nar("one"))));

        await _user.AskAsync(Operation.AddSignatures, (writer, context) =>
            AddSignaturesRequestCodec.Write(writer, context, new AddSignaturesRequest(Top, [TopSignature.Replace("sample", "other", StringComparison.Ordinal)])));
        Assert.That(await _user.Reader.ReadUInt64Async(default), Is.EqualTo(1));
        Assert.That(await NextAsync(), Is.EqualTo(new[] { Top.Hash }));
    }

    [Test]
    public async Task A_path_that_is_deleted_and_comes_back_with_other_contents_is_named_once()
    {
        await DeleteAsync();
        await AddAsync("two");

        Assert.That(await NextAsync(), Is.EqualTo(new[] { Added.Hash }));
        Assert.That((await _cache.QueryPathInfosAsync([Added.Hash], default).InTime())[0]!.Info.NarHash, Is.EqualTo(NarHash.Of(Nar("two"))));
        Assert.That((await _cache.AwaitStoreChangeAsync(_known, TimeSpan.Zero, default).InTime()).HashParts, Is.Empty);
    }

    [Test]
    public async Task A_path_that_is_repaired_is_named()
    {
        await AddAsync("two", repair: true);

        Assert.That(await NextAsync(), Is.EqualTo(new[] { Added.Hash }));
    }

    [Test]
    public async Task All_paths_that_a_collection_deletes_are_named()
    {
        await CollectAsync(new CollectGarbageRequest { Action = GcAction.DeleteDead });

        Assert.That(
            await NextAsync(), Is.EquivalentTo(new[] { Added, Library, Top, LibraryDerivation, TopDerivation, UnbuiltDerivation }.Select(path => path.Hash)));
    }

    [Test]
    public async Task A_change_by_another_process_concerns_any_path_and_the_next_one_of_the_daemon_is_named_again()
    {
        await DeleteAsync();
        _store.Execute($"update ValidPaths set narSize = 101 where path = '{Print(Library)}'");
        Assert.That(await NextAsync(), Is.Null);

        await AddAsync("one");
        Assert.That(await NextAsync(), Is.EqualTo(new[] { Added.Hash }));
    }

    [Test]
    public async Task A_new_connection_learns_what_has_changed_since_the_last_one()
    {
        _cache.Dispose();
        await DeleteAsync();
        _cache = await ConnectAsync();

        Assert.That(await NextAsync(), Is.EqualTo(new[] { Added.Hash }));
    }

    [Test]
    public async Task A_daemon_that_was_started_again_knows_nothing_of_the_changes_before()
    {
        _cache.Dispose();
        _user.Dispose();
        await _daemon.DisposeAsync();
        _daemon = await DaemonProcess.StartAsync(_store);
        _cache = await ConnectAsync();
        _user = await _daemon.ConnectAsync();

        Assert.That(await NextAsync(), Is.Null);
        await DeleteAsync();
        Assert.That(await NextAsync(), Is.EqualTo(new[] { Added.Hash }));
    }

    [Test]
    public async Task A_cache_without_the_newer_feature_learns_that_any_path_may_have_changed()
    {
        using NetworkStream stream = new(_daemon.Connect(), ownsSocket: true);
        using SessionClient old = await SessionClient.ConnectAsync(stream, stream, features: [ProtocolFeatures.HarmoniaCache]);
        StoreChange first = await AskAsync(old, 0);
        await DeleteAsync();

        StoreChange second = await AskAsync(old, first.Generation);

        Assert.That(second.Generation, Is.GreaterThan(first.Generation));
        Assert.That(second.HashParts, Is.Null);
        Assert.That((await AskAsync(old, second.Generation)).HashParts, Is.Empty);
    }

    private static async Task<StoreChange> AskAsync(SessionClient client, ulong generation)
    {
        AwaitStoreChangeRequest request = new(generation, TimeSpan.Zero);
        await client.AskAsync(Operation.AwaitStoreChange, (writer, _) => AwaitStoreChangeRequestCodec.Write(writer, request));
        return await StoreChangeCodec.ReadAsync(client.Reader, client.Context, default);
    }

    private static byte[] Nar(string contents)
    {
        ArrayBufferWriter<byte> nar = new();
        foreach (string token in new[] { "nix-archive-1", "(", "type", "regular", "contents", contents, ")" })
            nar.Write(Codec.Write(writer => writer.WriteString(token)));
        return nar.WrittenSpan.ToArray();
    }

    private Task<DaemonClient> ConnectAsync() =>
        new DaemonConnector(new DaemonConnectorOptions { SocketPath = _daemon.SocketPath, TimeProvider = TimeProvider.System }).ConnectAsync(default).InTime();

    private async Task<IReadOnlyList<StorePathHash>?> NextAsync()
    {
        StoreChange change = await _cache.AwaitStoreChangeAsync(_known, TimeSpan.FromSeconds(5), default).InTime();
        Assert.That(change.Generation, Is.Not.EqualTo(_known));
        _known = change.Generation;
        return change.HashParts;
    }

    /// <summary>On a connection of its own, which protects the path from deletion as long as it is open.</summary>
    private async Task AddAsync(string contents, bool repair = false)
    {
        using SessionClient user = await _daemon.ConnectAsync();
        byte[] nar = Nar(contents);
        ValidPathInfo info = new() { Path = Added, Info = new UnkeyedValidPathInfo { NarHash = NarHash.Of(nar), NarSize = (ulong)nar.Length } };
        AddToStoreNarRequest request = new() { Info = info, DontCheckSignatures = true, Repair = repair };
        await user.AskAsync(Operation.AddToStoreNar, (writer, context) =>
        {
            AddToStoreNarRequestCodec.Write(writer, context, request);
            writer.WriteUInt64((ulong)nar.Length);
            writer.Write(nar);
            writer.WriteUInt64(0);
        });
    }

    private Task DeleteAsync() => CollectAsync(new CollectGarbageRequest { Action = GcAction.DeleteSpecific, Paths = [Added] });

    private async Task CollectAsync(CollectGarbageRequest request)
    {
        await _user.AskAsync(Operation.CollectGarbage, (writer, context) => CollectGarbageRequestCodec.Write(writer, context, request));
        _ = await CollectGarbageResultCodec.ReadAsync(_user.Reader, default);
    }
}
