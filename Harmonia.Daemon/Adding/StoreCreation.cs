using Harmonia.Daemon.Database;
using Harmonia.Daemon.Interop;

namespace Harmonia.Daemon.Adding;

/// <summary>Makes an empty store that any Nix can use. Nix: src/libstore/local-store.cc, LocalStore::LocalStore.</summary>
internal static class StoreCreation
{
    /// <summary>Makes what is missing; a store that exists is left as it is.</summary>
    /// <exception cref="DatabaseUnavailableException">There is a store with another schema.</exception>
    public static void EnsureExists(StoreLayout layout)
    {
        foreach (string folder in layout.Folders)
        {
            Directory.CreateDirectory(folder);
        }

        using LockFile bigLock = LockFile.Open(Path.Combine(layout.DatabaseFolder, "big-lock"));
        bigLock.LockExclusive();
        string schema = Path.Combine(layout.DatabaseFolder, SchemaVersion.FileName);
        if (File.Exists(schema))
        {
            SchemaVersion.Check(layout.DatabaseFolder);
            return;
        }

        using (SqliteDatabase database = StoreDatabaseSettings.OpenForWriting(layout.DatabasePath, SqliteOpenMode.Create))
        {
            StoreSchema.Create(database);
        }

        // Last: a store is there once it says so. Whatever an attempt before this one left is found empty or complete.
        File.WriteAllText(schema, $"{SchemaVersion.Supported}");
    }
}
