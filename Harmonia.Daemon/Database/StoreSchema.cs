using Microsoft.Data.Sqlite;
using static Harmonia.Daemon.Database.DatabaseConnections;

namespace Harmonia.Daemon.Database;

/// <summary>
/// The tables of schema 10, as Nix 2.34 creates them in a new store. Nix: src/libstore/schema.sql; SchemaMigrations comes from
/// src/libstore/local-store.cc, upgradeDBSchema, and does not disturb older releases of Nix.
/// </summary>
internal static class StoreSchema
{
    // Without this trigger, a path that refers to itself could never be deleted.
    private const string Tables =
        """
        create table ValidPaths (
            id               integer primary key autoincrement not null,
            path             text unique not null,
            hash             text not null,
            registrationTime integer not null,
            deriver          text,
            narSize          integer,
            ultimate         integer,
            sigs             text,
            ca               text
        );
        create table Refs (
            referrer  integer not null,
            reference integer not null,
            primary key (referrer, reference),
            foreign key (referrer) references ValidPaths(id) on delete cascade,
            foreign key (reference) references ValidPaths(id) on delete restrict
        );
        create index IndexReferrer on Refs(referrer);
        create index IndexReference on Refs(reference);
        create trigger DeleteSelfRefs before delete on ValidPaths
          begin
            delete from Refs where referrer = old.id and reference = old.id;
          end;
        create table DerivationOutputs (
            drv  integer not null,
            id   text not null,
            path text not null,
            primary key (drv, id),
            foreign key (drv) references ValidPaths(id) on delete cascade
        );
        create index IndexDerivationOutputs on DerivationOutputs(path);
        create table SchemaMigrations (migration text primary key not null);
        """;

    /// <summary>Creates the database file with its tables: all of them, or none if it throws.</summary>
    /// <exception cref="DatabaseException">The file can't be created or written, or already has tables.</exception>
    public static void Create(string path)
    {
        using SqliteConnection connection = OpenForWriting(path, create: true);
        try
        {
            Execute(connection, "pragma main.journal_mode = wal");
            using (SqliteTransaction transaction = connection.BeginTransaction(deferred: false))
            using (SqliteCommand command = new(Tables, connection, transaction))
            {
                _ = command.ExecuteNonQuery();
                transaction.Commit();
            }

            EmptyLog(connection);
        }
        catch (SqliteException exception)
        {
            throw new DatabaseException(path, exception);
        }
    }
}
