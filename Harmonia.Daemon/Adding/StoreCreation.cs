using Harmonia.Daemon.Database;
using Harmonia.Daemon.Interop;

namespace Harmonia.Daemon.Adding;

/// <summary>Creates an empty store that any Nix can use. Nix: src/libstore/local-store.cc, LocalStore::LocalStore.</summary>
internal static class StoreCreation
{
    /// <summary>Creates what is missing. Leaves an existing store unchanged.</summary>
    /// <exception cref="DatabaseUnavailableException">The existing store has another schema version.</exception>
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

        StoreSchema.Create(layout.DatabasePath);

        // This file comes last, because it marks the store as complete. An interrupted attempt is simply repeated.
        File.WriteAllText(schema, $"{SchemaVersion.Supported}");
    }
}
