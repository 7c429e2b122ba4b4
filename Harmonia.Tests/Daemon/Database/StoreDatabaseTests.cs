using Harmonia.Daemon.Database;
using Harmonia.Daemon.Interop;
using Harmonia.Protocol.Store;
using Microsoft.Data.Sqlite;
using NUnit.Framework;
using static Harmonia.Tests.Daemon.SampleStore;

namespace Harmonia.Tests.Daemon.Database;

public sealed class StoreDatabaseTests
{
    private SampleStore _store = null!;

    private StoreDatabase Database => _store.Services.Database;

    [SetUp]
    public void Open() => _store = new SampleStore();

    [TearDown]
    public void Close() => _store.Dispose();

    [Test]
    public void Path_info_has_every_column()
    {
        UnkeyedValidPathInfo? info = Database.QueryPathInfo(Top);

        Assert.That(info, Is.EqualTo(new UnkeyedValidPathInfo
        {
            NarHash = NarHash.Parse(new string('2', 64)),
            Deriver = TopDerivation,
            NarSize = 200,
            RegistrationTime = 1700000000,
            Ultimate = true,
            Signatures = [TopSignature],
            References = [Library, Top],
        }));
    }

    [Test]
    public void A_path_that_is_not_valid_has_no_info() => Assert.That(Database.QueryPathInfo(Missing), Is.Null);

    [TestCase("sha256:0000000000000000000000000000000000000000000000000000000000000000", TestName = "A_hash_in_base_16_is_read")]
    [TestCase("sha256:0000000000000000000000000000000000000000000000000000", TestName = "A_hash_in_nix32_is_read")]
    [TestCase("sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", TestName = "A_hash_as_SRI_is_read")]
    public void Hashes_of_oldDatabases_are_read(string hash)
    {
        _store.Insert(Missing, hash);

        Assert.That(Database.QueryPathInfo(Missing)!.NarHash, Is.EqualTo(default(NarHash)));
    }

    [Test]
    public void A_value_that_cannot_be_read_counts_as_missing()
    {
        _store.Insert(Missing, "sha256:" + new string('0', 64), deriver: "/elsewhere/x.drv", signatures: $"junk {TopSignature} a:b", ca: "what");

        UnkeyedValidPathInfo info = Database.QueryPathInfo(Missing)!;

        Assert.That(info.Deriver, Is.Null);
        Assert.That(info.ContentAddress, Is.Null);
        Assert.That(info.Signatures, Is.EqualTo([TopSignature]));
        Assert.That(info.NarSize, Is.Zero);
        Assert.That(info.Ultimate, Is.False);
    }

    [Test]
    public void A_hash_that_is_none_is_an_error_that_names_the_path()
    {
        _store.Insert(Missing, "md5:junk");

        Assert.That(
            () => Database.QueryPathInfo(Missing),
            Throws.TypeOf<InvalidRowException>().With.Message.Contains("md5:junk").And.Message.Contains(Print(Missing)));
        Assert.That(Database.IsValidPath(Top), "The connection is still of use.");
    }

    [Test]
    public void Bytes_that_are_not_UTF_8_are_an_error_where_a_value_is_needed_and_absent_elsewhere()
    {
        _store.Insert(Missing, "sha256:" + new string('0', 64));
        _store.Execute($"update ValidPaths set deriver = cast(deriver || x'ff' as text), sigs = cast(sigs || x'20ff' as text) where path = '{Print(Top)}'");
        _store.Execute($"update ValidPaths set hash = cast(hash || x'ff' as text) where path = '{Print(Missing)}'");
        _store.Execute("update DerivationOutputs set id = cast(id || x'ff' as text), path = cast(path || x'ff' as text)");

        UnkeyedValidPathInfo top = Database.QueryPathInfo(Top)!;

        Assert.That(top.Deriver, Is.Null);
        Assert.That(top.Signatures, Is.EqualTo([TopSignature]));
        Assert.That(() => Database.QueryPathInfo(Missing), Throws.TypeOf<InvalidRowException>().With.Message.Contains("\uFFFD"));
        Assert.That(() => Database.QueryStaticOutputs(TopDerivation), Throws.TypeOf<InvalidRowException>().With.Message.Contains("\uFFFD"));
    }

    [Test]
    public void A_text_does_not_end_at_a_zero_byte()
    {
        _store.Execute($"update ValidPaths set path = cast(path || x'00' as text) where path = '{Print(TopDerivation)}'");

        Assert.That(() => Database.QueryAllValidPaths(), Throws.TypeOf<InvalidRowException>());
        Assert.That(() => Database.QueryValidDerivers(Top), Throws.TypeOf<InvalidRowException>());
    }

    [Test]
    public void A_row_of_another_store_is_an_error()
    {
        _store.Execute("update ValidPaths set path = '/elsewhere/x' where id = 1");

        Assert.That(() => Database.QueryAllValidPaths(), Throws.TypeOf<InvalidRowException>().With.Message.Contains("/elsewhere/x"));
    }

    [Test]
    public void A_path_is_found_by_its_hash_part()
    {
        Assert.That(Database.QueryPathFromHashPart(Top.Hash), Is.EqualTo(Top));
        Assert.That(Database.QueryPathFromHashPart(Missing.Hash), Is.Null);
        Assert.That(Database.QueryPathFromHashPart(StorePathHash.Parse(new string('z', 32))), Is.Null);
    }

    [Test]
    public void Sets_come_in_order()
    {
        Assert.That(
            Database.QueryAllValidPaths(), Is.EqualTo([Library, Top, LibraryDerivation, TopDerivation, UnbuiltDerivation]));
        Assert.That(Database.QueryReferrers(Library), Is.EqualTo([Top]));
        Assert.That(Database.QueryReferrers(Top), Is.EqualTo([Top]), "A path may refer to itself.");
        Assert.That(Database.QueryReferrers(Missing), Is.Empty);
        Assert.That(Database.QueryValidDerivers(Missing), Is.EqualTo([UnbuiltDerivation]), "The output need not be valid.");
        Assert.That(Database.QueryValidPaths([Missing, Top, Library]), Is.EquivalentTo([Top, Library]));
    }

    [Test]
    public void Outputs_of_a_derivation_are_known_only_if_it_is_valid()
    {
        Assert.That(Database.QueryStaticOutputs(UnbuiltDerivation), Is.EqualTo(new Dictionary<string, StorePath> { ["out"] = Missing }));
        Assert.That(Database.QueryStaticOutputs(Top), Is.Empty);
        Assert.That(Database.QueryStaticOutputs(MissingDerivation), Is.Null);
    }

    [Test]
    public void What_another_process_commits_is_seen_at_once()
    {
        Assert.That(Database.IsValidPath(Missing), Is.False);
        _store.Insert(Missing, "sha256:" + new string('6', 64));
        Assert.That(Database.IsValidPath(Missing), Is.True);
        _store.Execute($"delete from ValidPaths where path = '{Print(Missing)}'");
        Assert.That(Database.IsValidPath(Missing), Is.False);
    }

    [Test]
    public void No_query_leaves_a_transaction_open()
    {
        _ = Database.QueryAllValidPaths();
        _ = Database.QueryPathInfo(Top);
        _store.Insert(Missing, "sha256:" + new string('6', 64));

        // The log would be busy if a reader still read an older state. The first column is 0 if everything was moved to the database.
        using SqliteConnection connection = DatabaseConnections.OpenForWriting(_store.DatabasePath);
        DatabaseConnections.Execute(connection, "pragma busy_timeout = 0");
        Assert.That(connection.Query("pragma wal_checkpoint(truncate)")[0][0], Is.EqualTo("0"));
    }

    [Test]
    public void A_database_that_was_replaced_is_opened_again()
    {
        Assert.That(Database.IsValidPath(Top), Is.True);
        using SampleStore other = new();
        other.Execute($"delete from Refs");
        other.Execute($"delete from ValidPaths where path = '{Print(Top)}'");
        other.Execute("pragma journal_mode = delete");

        File.Move(other.DatabasePath, _store.DatabasePath, overwrite: true);
        File.Delete(_store.DatabasePath + "-wal");
        File.Delete(_store.DatabasePath + "-shm");

        Assert.That(Database.IsValidPath(Top), Is.False);
        Assert.That(Database.IsValidPath(Library), Is.True);
    }

    [Test]
    public void A_missing_database_is_an_error_until_it_is_back()
    {
        File.Move(_store.DatabasePath, _store.DatabasePath + ".away");
        Assert.That(() => Database.IsValidPath(Top), Throws.TypeOf<DatabaseUnavailableException>().With.Message.Contains(_store.DatabasePath));

        File.Move(_store.DatabasePath + ".away", _store.DatabasePath);
        Assert.That(Database.IsValidPath(Top), Is.True);
    }

    [Test]
    public async Task Many_threads_may_ask_at_once()
    {
        IEnumerable<Task<bool>> questions = Enumerable.Range(0, 2000)
            .Select(number => Task.Run(() => number % 2 == 0 ? Database.IsValidPath(Top) : Database.QueryPathInfo(Missing) is null));

        Assert.That(await Task.WhenAll(questions), Is.All.True);
    }

    [TestCase(true, "1")]
    [TestCase(false, "0")]
    public void Changes_are_on_the_disk_before_they_are_complete_unless_configured_otherwise(bool synchronise, string level)
    {
        using SqliteConnection connection = DatabaseConnections.OpenForWriting(_store.DatabasePath, synchronise);

        Assert.That(connection.Query("pragma synchronous"), Has.Exactly(1).EqualTo(new[] { level }));
    }

    [Test]
    public void The_lock_against_changes_of_the_schema_is_free_between_answers()
    {
        _ = Database.IsValidPath(Top);

        using LockFile bigLock = Harmonia.Daemon.Interop.LockFile.Open(Path.Combine(_store.StateDirectory, "db", "big-lock"));
        Assert.That(bigLock.TryLockExclusive(), Is.True);
    }
}
