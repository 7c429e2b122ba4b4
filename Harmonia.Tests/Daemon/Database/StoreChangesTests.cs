using Harmonia.Daemon.Database;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;
using Harmonia.Tests.Support;
using Microsoft.Data.Sqlite;
using NUnit.Framework;
using static Harmonia.Tests.Daemon.SampleStore;

namespace Harmonia.Tests.Daemon.Database;

/// <summary>Whose commit it was is found out in every order in which commits and looks can happen.</summary>
public sealed class StoreChangesTests
{
    private const string Change = "update ValidPaths set narSize = narSize + 1";

    private SampleStore _store = null!;
    private SqliteConnection _connection = null!;
    private DataVersion _writer = null!;

    private StoreChanges Changes => _store.Services.Changes;

    [SetUp]
    public void Begin()
    {
        _store = new SampleStore();
        _connection = DatabaseConnections.OpenForWriting(_store.DatabasePath, synchronise: false);
        _writer = new DataVersion(_connection);
    }

    [TearDown]
    public void End()
    {
        _writer.Dispose();
        _connection.Dispose();
        _store.Dispose();
    }

    [Test]
    public async Task A_commit_of_this_process_is_named()
    {
        ulong known = Changes.Look();

        Commit(Top);
        ulong middle = Changes.Look();
        Commit(Library);

        Assert.That((await WaitAsync(known)).HashParts, Is.EquivalentTo(new[] { Top.Hash, Library.Hash }));
        Assert.That((await WaitAsync(middle)).HashParts, Is.EqualTo(new[] { Library.Hash }));
    }

    [Test]
    public async Task A_commit_of_another_process_before_during_or_after_leaves_no_path_certain()
    {
        ulong known = Changes.Look();
        _store.Execute(Change);
        Commit(Top);
        Assert.That((await WaitAsync(known)).HashParts, Is.Null);

        known = Changes.Look();
        Commit(Top, afterwards: () => _store.Execute(Change));
        Assert.That((await WaitAsync(known)).HashParts, Is.Null);

        known = Changes.Look();
        Commit(Top);
        _store.Execute(Change);
        Assert.That((await WaitAsync(known)).HashParts, Is.Null);

        known = Changes.Look();
        Commit(Library);
        Assert.That((await WaitAsync(known)).HashParts, Is.EqualTo(new[] { Library.Hash }));
    }

    [Test]
    public async Task A_look_between_a_commit_and_its_announcement_takes_it_for_nobody_elses()
    {
        ulong known = Changes.Look();
        ulong between = 0;
        Task<StoreChange>? waiting = null;

        Commit(Top, afterwards: () =>
        {
            between = Changes.Look();
            waiting = Changes.WaitAsync(known, TimeSpan.FromSeconds(5), default);
            Assert.That(waiting.IsCompleted, Is.False, "Nobody knows yet what has changed.");
            Assert.That(WaitAsync(known).Result.HashParts, Is.Null, "Who can't wait learns that.");
        });

        Assert.That(between, Is.GreaterThan(known));
        Assert.That((await waiting!.InTime()).HashParts, Is.EqualTo(new[] { Top.Hash }));
        Assert.That((await WaitAsync(between)).HashParts, Is.EqualTo(new[] { Top.Hash }));
    }

    [Test]
    public async Task A_transaction_without_changes_and_one_that_fails_announce_nothing()
    {
        ulong known = Changes.Look();

        Commit(Top, change: "select 1");
        DatabaseConnections.Execute(_connection, "begin immediate");
        DatabaseConnections.Execute(_connection, Change);
        Assert.That(
            () => Changes.Commit(_store.Services.Database.Access, _writer, () => throw new IOException(), [Top.Hash]), Throws.TypeOf<IOException>());
        DatabaseConnections.Execute(_connection, "rollback");

        Assert.That(await WaitAsync(known), Has.Property(nameof(StoreChange.Generation)).EqualTo(known).And.Property(nameof(StoreChange.HashParts)).Empty);
    }

    [Test]
    public async Task Another_database_in_its_place_leaves_no_path_certain()
    {
        ulong known = Changes.Look();
        string copy = _store.DatabasePath + ".copy";

        Commit(Top, afterwards: () =>
        {
            File.Copy(_store.DatabasePath, copy);
            File.Move(copy, _store.DatabasePath, overwrite: true);
            Changes.Look();
            _store.Execute(Change);
        });

        Assert.That((await WaitAsync(known)).HashParts, Is.Null);
        Assert.That((await WaitAsync(Changes.Look())).HashParts, Is.Empty);
    }

    [Test]
    public async Task A_generation_of_another_daemon_is_not_taken_for_one_of_this()
    {
        using StoreChanges other = new(_store.Services.Database, _store.Time);
        ulong known = Changes.Look();
        Commit(Top);

        Assert.That((await other.WaitAsync(known, TimeSpan.Zero, default)).HashParts, Is.Null);
        Assert.That((await WaitAsync(ulong.MaxValue)).HashParts, Is.Null);
    }

    [Test]
    public async Task More_changes_than_are_remembered_leave_no_path_certain()
    {
        ulong known = Changes.Look();

        _store.Services.Registry.Change(registration =>
        {
            for (int i = 0; i <= WireLimits.ChangedPaths; i++)
                registration.SetNar(FakeStore.PathOf(FakeStore.Hash(i)), default, i);
            registration.SetNar(Top, default, 1);
        });

        Assert.That((await WaitAsync(known)).HashParts, Is.Null);
    }

    private Task<StoreChange> WaitAsync(ulong known) => Changes.WaitAsync(known, TimeSpan.Zero, default);

    private void Commit(StorePath path, Action? afterwards = null, string change = Change)
    {
        DatabaseConnections.Execute(_connection, "begin immediate");
        DatabaseConnections.Execute(_connection, change);
        Changes.Commit(
            _store.Services.Database.Access,
            _writer,
            () =>
            {
                DatabaseConnections.Execute(_connection, "commit");
                afterwards?.Invoke();
            },
            [path.Hash]);
    }
}
