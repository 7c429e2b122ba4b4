using Harmonia.Daemon.Database;
using Harmonia.Protocol.Store;
using Microsoft.Data.Sqlite;
using NUnit.Framework;

namespace Harmonia.Tests.Daemon.Database;

/// <summary>A process that shrinks the file does not take it from under a reader that has it mapped: that would end this process.</summary>
public sealed class MappedReadsTests
{
    private const int Rows = 6000;
    private const string ReadAll = "select sum(length(text)) from Filler";

    [Test]
    public void The_file_does_not_shrink_while_a_reader_may_need_its_end()
    {
        using SampleStore store = new();
        store.Execute(
            "create table Filler (text)",
            $"with recursive n(i) as (select 1 union all select i + 1 from n where i < {Rows}) insert into Filler select randomblob(4000) from n",
            "pragma wal_checkpoint(truncate)");
        long before = new FileInfo(store.DatabasePath).Length;
        using SqliteConnection reader = DatabaseConnections.OpenForReading(store.DatabasePath);
        DatabaseConnections.SetMapped(reader, true);
        Assert.That(Number(reader, "pragma mmap_size"), Is.GreaterThan(before));
        Assert.That(Number(reader, ReadAll), Is.EqualTo(4000L * Rows), "The whole file is mapped.");

        DatabaseConnections.Execute(reader, "begin");
        Assert.That(Number(reader, "select count(*) from Filler"), Is.EqualTo(Rows));
        store.Execute("delete from Filler", "vacuum", "pragma busy_timeout = 0", "pragma wal_checkpoint(passive)");
        Assert.That(new FileInfo(store.DatabasePath).Length, Is.EqualTo(before));
        Assert.That(Number(reader, ReadAll), Is.EqualTo(4000L * Rows));
        DatabaseConnections.Execute(reader, "commit");

        Assert.That(Number(reader, "select count(*) from Filler"), Is.Zero);
        DatabaseConnections.Execute(reader, "begin");
        Assert.That(Number(reader, "select count(*) from ValidPaths"), Is.EqualTo(5));
        store.Execute("pragma wal_checkpoint(passive)");
        Assert.That(new FileInfo(store.DatabasePath).Length, Is.LessThan(before / 10), "This reader needs only what is left.");
        Assert.That(Number(reader, "select count(*) from ValidPaths where path like '/nix/store/%' and hash like 'sha256:%'"), Is.EqualTo(5));
        DatabaseConnections.Execute(reader, "commit");
    }

    [Test]
    public void A_connection_maps_the_file_when_many_questions_found_it_unchanged()
    {
        using SampleStore store = new();
        using SqliteConnection reader = DatabaseConnections.OpenForReading(store.DatabasePath);
        using MappingChoice choice = new(reader);

        Assert.That(Maps(), Is.EqualTo(257), "The first one has nothing to compare with.");
        store.Execute("update ValidPaths set narSize = 1");
        choice.Choose();
        Assert.That(Number(reader, "pragma mmap_size"), Is.Zero);
        Assert.That(Maps(), Is.EqualTo(256));

        int Maps()
        {
            int questions = 0;
            while (Number(reader, "pragma mmap_size") == 0)
            {
                choice.Choose();
                questions++;
                Assert.That(Number(reader, "select count(*) from ValidPaths"), Is.EqualTo(5));
            }

            return questions;
        }
    }

    [Test]
    public void A_database_that_shrinks_is_mapped_no_longer()
    {
        using SampleStore store = new();
        store.Execute(
            "with recursive n(i) as (select 1 union all select i + 1 from n where i < 5000) insert into ValidPaths (path, hash, registrationTime)"
            + " select '/nix/store/' || printf('%032d', i) || '-x', 'sha256:" + new string('0', 64) + "', 1 from n",
            "pragma wal_checkpoint(truncate)");
        using StoreDatabase database = new(store.DatabasePath, StoreDirectory.Default, connections: 1);
        for (int i = 1; i <= 300; i++)
            Ask(i < 300 ? 1 : 4999);
        Assert.That(IsMapped(), Is.True);

        database.Shrink();

        Assert.That(IsMapped(), Is.False);
        Ask(1);
        Assert.That(database.Queries, Is.EqualTo(301));

        void Ask(int number) => Assert.That(database.IsValidPath(StorePath.Parse($"{number:D32}-x")), Is.True);
        bool IsMapped() => File.ReadLines("/proc/self/maps").Any(line => line.EndsWith(store.DatabasePath, StringComparison.Ordinal));
    }

    private static long Number(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = new(sql, connection);
        return (long)command.ExecuteScalar()!;
    }
}
