using Harmonia.Daemon.Database;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Queries;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;
using static Harmonia.Tests.Daemon.SampleStore;

namespace Harmonia.Tests.Daemon.Operations;

/// <summary>The operations that only a binary cache uses.</summary>
public sealed class HarmoniaCacheTests
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(1);

    private SampleStore _store = null!;
    private SessionHarness _harness = null!;

    [SetUp]
    public void Start()
    {
        _store = new SampleStore();
        _harness = new SessionHarness(_store);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _harness.DisposeAsync();
        _store.Dispose();
    }

    [Test]
    public async Task Path_infos_by_hash_part_come_in_the_order_asked_with_nothing_for_unknown_ones()
    {
        using SessionClient client = await ConnectAsync();
        StorePath[] asked = [Top, Missing, Library, UnbuiltDerivation, Top];

        IReadOnlyList<ValidPathInfo?> infos = await AskAsync(client, [.. asked.Select(path => path.Hash)]);

        Assert.That(infos.Select(info => info?.Path), Is.EqualTo(new[] { Top, null, Library, UnbuiltDerivation, Top }));
    }

    [Test]
    public async Task Path_infos_by_hash_part_say_what_the_standard_operations_say()
    {
        using SessionClient client = await ConnectAsync();
        StorePath[] paths = [Library, Top, LibraryDerivation, TopDerivation, UnbuiltDerivation];

        IReadOnlyList<ValidPathInfo?> infos = await AskAsync(client, [.. paths.Select(path => path.Hash)]);

        foreach ((StorePath path, ValidPathInfo? info) in paths.Zip(infos))
        {
            await client.AskAsync(Operation.QueryPathInfo, path);
            Assert.That(info!.Info, Is.EqualTo(await UnkeyedValidPathInfoCodec.ReadOptionalAsync(client.Reader, client.Context, default)));
        }
    }

    [Test]
    public async Task A_question_for_nothing_is_answered_with_nothing()
    {
        using SessionClient client = await ConnectAsync();

        Assert.That(await AskAsync(client, []), Is.Empty);
        Assert.That(await client.IsValidPathAsync(Top), Is.True);
    }

    [Test]
    public async Task The_first_AwaitStoreChange_is_answered_at_once()
    {
        using SessionClient client = await ConnectAsync();

        StoreChange change = await AwaitChangeAsync(client, 0);

        Assert.That(change.Generation, Is.Not.Zero);
        Assert.That(change.HashParts, Is.Null, "Any path may have changed before the daemon looked.");
    }

    [Test]
    public async Task Nothing_has_changed_when_patience_is_at_an_end()
    {
        using SessionClient client = await ConnectAsync();
        ulong generation = (await AwaitChangeAsync(client, 0)).Generation;

        Task<StoreChange> waiting = AwaitChangeAsync(client, generation);
        await Patience.UntilAsync(() =>
        {
            if (_store.Time.PendingTimers == 1)
                _store.Time.Advance(StoreChanges.Interval);
            return waiting.IsCompleted;
        });

        Assert.That((await waiting).Generation, Is.EqualTo(generation));
        Assert.That((await waiting).HashParts, Is.Empty);
    }

    [Test]
    public async Task A_change_by_another_process_is_reported_at_the_next_check_of_the_database()
    {
        using SessionClient client = await ConnectAsync();
        ulong generation = (await AwaitChangeAsync(client, 0)).Generation;
        Task<StoreChange> waiting = AwaitChangeAsync(client, generation);
        await Patience.UntilAsync(() => _store.Time.PendingTimers == 1);

        _store.Execute($"update ValidPaths set narSize = 101 where path = '{Print(Library)}'");
        Assert.That(waiting.IsCompleted, Is.False);
        _store.Time.Advance(StoreChanges.Interval);

        StoreChange change = await waiting.InTime();
        Assert.That(change.Generation, Is.GreaterThan(generation));
        Assert.That(change.HashParts, Is.Null);
    }

    [Test]
    public async Task A_change_by_this_daemon_is_reported_at_once()
    {
        using SessionClient client = await ConnectAsync();
        ulong generation = (await AwaitChangeAsync(client, 0)).Generation;
        Task<StoreChange> waiting = AwaitChangeAsync(client, generation);
        await Patience.UntilAsync(() => _store.Time.PendingTimers == 1);

        // Time stands still.
        _store.Services.Registry.Change(registration => registration.TryInvalidate(UnbuiltDerivation));

        Assert.That((await waiting.InTime()).Generation, Is.GreaterThan(generation));
    }

    [Test]
    public async Task A_change_since_the_last_request_is_reported_at_once()
    {
        using SessionClient client = await ConnectAsync();
        ulong generation = (await AwaitChangeAsync(client, 0)).Generation;

        _store.Execute($"delete from Refs");

        Assert.That((await AwaitChangeAsync(client, generation)).Generation, Is.GreaterThan(generation));
    }

    [Test]
    public async Task Queries_change_nothing()
    {
        using SessionClient client = await ConnectAsync();
        ulong generation = (await AwaitChangeAsync(client, 0)).Generation;

        await AskAsync(client, [Top.Hash]);

        Assert.That((await AwaitChangeAsync(client, generation, TimeSpan.Zero)).Generation, Is.EqualTo(generation));
    }

    [Test]
    public async Task Another_database_in_its_place_is_a_change()
    {
        using SessionClient client = await ConnectAsync();
        ulong generation = (await AwaitChangeAsync(client, 0)).Generation;

        string copy = _store.DatabasePath + ".copy";
        File.Copy(_store.DatabasePath, copy);
        File.Move(copy, _store.DatabasePath, overwrite: true);

        Assert.That((await AwaitChangeAsync(client, generation)).Generation, Is.GreaterThan(generation));
    }

    [TestCase(Operation.QueryPathInfosByHashPart)]
    [TestCase(Operation.AwaitStoreChange)]
    [TestCase(Operation.CountValidPaths)]
    public async Task Without_the_feature_the_operation_is_unknown(Operation operation)
    {
        using SessionClient client = await _harness.ConnectAsync();

        RemoteErrorException? no = await Assert.ThrowsAsync<RemoteErrorException>(
            () => client.AskAsync(operation, (writer, _) => writer.WriteUInt64(0)));

        Assert.That(no!.Message, Is.EqualTo($"invalid operation {(uint)operation}"));
        Assert.That(await client.IsClosedAsync(), Is.True);
    }

    [Test]
    public async Task Paths_are_counted_anew_when_the_database_has_changed()
    {
        using SessionClient client = await _harness.ConnectAsync(38, ProtocolFeatures.HarmoniaCache, ProtocolFeatures.HarmoniaCount);
        ulong all = await CountAsync(client);
        Assert.That(await CountAsync(client), Is.EqualTo(all));

        _store.Execute("delete from ValidPaths where id not in (select referrer from Refs union select reference from Refs)");

        Assert.That(await CountAsync(client), Is.LessThan(all));
        await client.AskAsync(Operation.QueryAllValidPaths);
        Assert.That((await StorePathCodec.ReadSetAsync(client.Reader, client.Context, default)).Count, Is.EqualTo(await CountAsync(client)));
    }

    private static async Task<ulong> CountAsync(SessionClient client)
    {
        await client.AskAsync(Operation.CountValidPaths);
        return await client.Reader.ReadUInt64Async(default);
    }

    private Task<SessionClient> ConnectAsync() => _harness.ConnectAsync(38, ProtocolFeatures.HarmoniaCache);

    private static async Task<IReadOnlyList<ValidPathInfo?>> AskAsync(SessionClient client, StorePathHash[] hashParts)
    {
        await client.AskAsync(Operation.QueryPathInfosByHashPart, (writer, _) => StorePathHashCodec.WriteList(writer, hashParts));
        return await OptionalPathInfosCodec.ReadAsync(client.Reader, client.Context, hashParts.Length, default);
    }

    private static async Task<StoreChange> AwaitChangeAsync(SessionClient client, ulong known, TimeSpan? patience = null)
    {
        AwaitStoreChangeRequest request = new(known, patience ?? MaxWait);
        await client.AskAsync(Operation.AwaitStoreChange, (writer, _) => AwaitStoreChangeRequestCodec.Write(writer, request));
        return await StoreChangeCodec.ReadAsync(client.Reader, client.Context, default);
    }
}
