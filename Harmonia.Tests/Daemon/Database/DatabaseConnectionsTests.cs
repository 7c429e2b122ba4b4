using Harmonia.Daemon.Database;
using Harmonia.Protocol.Store;
using Microsoft.Data.Sqlite;
using NUnit.Framework;
using static Harmonia.Tests.Daemon.SampleStore;

namespace Harmonia.Tests.Daemon.Database;

public sealed class DatabaseConnectionsTests
{
    private SampleStore _store = null!;

    private string Log => _store.DatabasePath + "-wal";

    private string Index => _store.DatabasePath + "-shm";

    [SetUp]
    public void Open() => _store = new SampleStore();

    [TearDown]
    public void Close() => _store.Dispose();

    [Test]
    public void The_last_connection_that_closes_empties_the_log_and_does_not_delete_it()
    {
        using (StoreDatabase database = OpenDatabase())
        {
            _store.Insert(Missing, "sha256:" + new string('6', 64));
            Assert.That(database.IsValidPath(Missing), Is.True);
            Assert.That(new FileInfo(Log).Length, Is.Positive);
        }

        Assert.That(new FileInfo(Log) is { Exists: true, Length: 0 }, Is.True);
        Assert.That(File.Exists(Index), Is.True);
    }

    [Test]
    public void A_log_beside_a_database_that_was_moved_away_stays_as_it_is()
    {
        using (StoreDatabase database = OpenDatabase())
        {
            _store.Insert(Missing, "sha256:" + new string('6', 64));
            File.Move(_store.DatabasePath, _store.DatabasePath + ".away");
        }

        Assert.That(new FileInfo(Log).Length, Is.Positive);
    }

    [Test]
    public void No_file_stays_open_when_the_database_is_closed()
    {
        using (StoreDatabase database = OpenDatabase())
        {
            Assert.That(database.IsValidPath(Top), Is.True);
            Assert.That(OpenFiles(), Does.Contain(_store.DatabasePath));
        }

        Assert.That(OpenFiles(), Is.Empty);
    }

    [Test]
    public void A_file_that_is_not_a_database_is_an_error_that_names_it_and_is_closed()
    {
        File.WriteAllText(_store.DatabasePath, new string('x', 4096));

        Assert.That(
            () => OpenDatabase(),
            Throws.TypeOf<DatabaseException>().With.Message.EqualTo($"database '{_store.DatabasePath}': file is not a database (SQLite error 26)"));
        Assert.That(OpenFiles(), Is.Empty);
    }

    [Test]
    public void A_database_that_is_not_there_is_not_created()
    {
        string path = _store.DatabasePath + ".missing";

        Assert.That(
            () => DatabaseConnections.OpenForWriting(path),
            Throws.TypeOf<DatabaseException>().With.Message.EqualTo($"database '{path}': unable to open database file (SQLite error 14)"));
        Assert.That(File.Exists(path), Is.False);
    }

    [Test]
    public void A_file_with_special_characters_of_URIs_and_connection_strings_in_its_name_can_be_read()
    {
        string path = Path.Combine(_store.StateDirectory, "a b;Mode=Memory?#%20'\"=.sqlite");
        File.Copy(_store.DatabasePath, path);

        foreach (bool isImmutable in (bool[])[false, true])
        {
            using SqliteConnection connection = DatabaseConnections.OpenForReading(path, isImmutable);
            Assert.That(connection.DataSource, Is.EqualTo(path));
        }
    }

    [Test]
    public async Task A_change_waits_for_that_of_another_process()
    {
        using SqliteConnection other = DatabaseConnections.OpenForWriting(_store.DatabasePath);
        DatabaseConnections.Execute(other, "begin immediate");
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task change = Task.Run(() =>
        {
            started.SetResult();
            _store.Services.Registry.Change(registration => registration.AddSignatures(Library, [TopSignature]));
        });

        await started.Task;
        DatabaseConnections.Execute(other, "commit");
        await change;

        Assert.That(_store.Services.Database.QueryPathInfo(Library)!.Signatures, Is.EqualTo([TopSignature]));
    }

    [Test]
    public void A_change_that_fails_changes_nothing_and_the_next_one_is_made()
    {
        PathRegistration registration = new(
            _store.Services.Database.Access, StoreDirectory.Default, _store.Services.Changes, TimeProvider.System, synchronise: false);
        using (registration)
        {
            Assert.That(
                () => registration.Change(change =>
                {
                    change.AddSignatures(Library, [TopSignature]);
                    change.AddSignatures(Missing, [TopSignature]);
                }),
                Throws.TypeOf<InvalidPathException>());
            Assert.That(_store.Services.Database.QueryPathInfo(Library)!.Signatures, Is.Empty);

            registration.Change(change => change.AddSignatures(Library, [TopSignature]));
        }

        Assert.That(_store.Services.Database.QueryPathInfo(Library)!.Signatures, Is.EqualTo([TopSignature]));
    }

    private StoreDatabase OpenDatabase() => new(_store.DatabasePath, StoreDirectory.Default, connections: 2);

    /// <summary>The files of the database that this process has open.</summary>
    private string[] OpenFiles() =>
    [
        .. Directory.GetFiles("/proc/self/fd").Select(file => new FileInfo(file).LinkTarget).OfType<string>()
            .Where(target => target.StartsWith(_store.DatabasePath, StringComparison.Ordinal)),
    ];
}
