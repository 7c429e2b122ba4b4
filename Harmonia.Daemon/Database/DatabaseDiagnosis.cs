using Harmonia.Daemon.Interop;

namespace Harmonia.Daemon.Database;

/// <summary>Finds out why the database cannot be opened and how the operator can fix it.</summary>
internal static class DatabaseDiagnosis
{
    public static DatabaseUnavailableException Missing(string path) => new(
        $"There is no store database at '{path}'. Set state_dir or db_path to those of the store, or create a store with "
        + "Nix or with 'harmonia-daemon init'.",
        null);

    public static DatabaseUnavailableException Inaccessible(string path, Exception exception)
    {
        string user = $"User '{Environment.UserName}' (uid {Libc.GetEffectiveUserId()})";
        string folder = Path.GetDirectoryName(path)!;
        string? blocked = new[] { path, path + "-wal", path + "-shm" }.FirstOrDefault(IsUnreadable);
        if (blocked is not null)
        {
            return new($"{user} may not read '{blocked}'. Give that user read permission, or run harmonia-daemon as the owner of the store.", exception);
        }

        string? missing = new[] { path + "-wal", path + "-shm" }.FirstOrDefault(file => !File.Exists(file));
        string state = missing is null ? $"'{path}-wal' has to be recovered first" : $"'{missing}' is missing";
        return new(
            $"{user} cannot read '{path}': {state}, and that user may not write to '{folder}' to fix it. Run harmonia-daemon as the "
            + "owner of the store (usually root), or keep a process of the owner running that has the database open, such as nix-daemon "
            + "or another harmonia-daemon. Nix 2.23 and newer leave the two files in place when they close the database.",
            exception);
    }

    // This must not open the file: closing it would release all locks that SQLite has on it in this process.
    private static bool IsUnreadable(string file) => !FileAccessCheck.MayRead(file) && FileAccessCheck.IsThere(file);
}
