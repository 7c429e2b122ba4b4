namespace Harmonia.Daemon.Database;

/// <summary>
/// The tables of schema 10, as a new store of Nix 2.34 has them. Nix: src/libstore/schema.sql; SchemaMigrations comes from
/// src/libstore/local-store.cc, upgradeDBSchema, and older releases of Nix don't mind it.
/// </summary>
internal static class StoreSchema
{
    /// <summary>Makes the tables in an empty database.</summary>
    public static void Create(SqliteDatabase database)
    {
        database.Execute("pragma main.journal_mode = wal"u8);
        database.Execute("begin immediate"u8);
        database.Execute(
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
            )
            """u8);
        database.Execute(
            """
            create table Refs (
                referrer  integer not null,
                reference integer not null,
                primary key (referrer, reference),
                foreign key (referrer) references ValidPaths(id) on delete cascade,
                foreign key (reference) references ValidPaths(id) on delete restrict
            )
            """u8);
        database.Execute("create index IndexReferrer on Refs(referrer)"u8);
        database.Execute("create index IndexReference on Refs(reference)"u8);

        // Without it a path that refers to itself could never be deleted.
        database.Execute(
            """
            create trigger DeleteSelfRefs before delete on ValidPaths
              begin
                delete from Refs where referrer = old.id and reference = old.id;
              end
            """u8);
        database.Execute(
            """
            create table DerivationOutputs (
                drv  integer not null,
                id   text not null,
                path text not null,
                primary key (drv, id),
                foreign key (drv) references ValidPaths(id) on delete cascade
            )
            """u8);
        database.Execute("create index IndexDerivationOutputs on DerivationOutputs(path)"u8);
        database.Execute("create table SchemaMigrations (migration text primary key not null)"u8);
        database.Execute("commit"u8);
    }
}
