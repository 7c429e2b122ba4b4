using Harmonia.Daemon.Interop;
using Harmonia.Protocol.Interop;
using Microsoft.Data.Sqlite;

namespace Harmonia.Daemon.Database;

/// <summary>
/// How one database file can be read. It tries the best way first. It owns what must stay open for the readers.
/// </summary>
/// <remarks>
/// A reader of a write-ahead log needs its index, the file <c>-shm</c>, and must be able to create it if it is missing. So there are four
/// cases:
/// 1. This user may write: one connection stays open. It creates the index and keeps it in place for all readers.
/// 2. This user may only read: that works while both files exist and are readable.
/// 3. Nobody can write: a file without a pending log is read as it is. Each answer checks that this is still so.
/// 4. Otherwise an error tells the operator what is missing.
/// </remarks>
internal sealed class DatabaseAccess : IDisposable
{
    private readonly SqliteConnection? _keeper;
    private readonly FileStatus _status;

    private DatabaseAccess(string path, FileStatus status, SqliteConnection? keeper = null, bool isImmutable = false) =>
        (Path, _status, _keeper, IsImmutable) = (path, status, keeper, isImmutable);

    /// <summary>The database file.</summary>
    public string Path { get; }

    /// <summary>Whether an answer is valid only if <see cref="IsCurrent"/> is still true after it.</summary>
    public bool IsImmutable { get; }

    /// <summary>How the database is read, for the operator.</summary>
    public string Description => (_keeper, IsImmutable) switch
    {
        (not null, _) => "read, and kept open so that its index stays in place",
        (_, true) => "read as it is: nobody can write to it",
        _ => "read; its write-ahead log is kept by others",
    };

    /// <exception cref="DatabaseUnavailableException">The file cannot be read in any of these ways.</exception>
    /// <exception cref="DatabaseException">SQLite can't read the file.</exception>
    public static DatabaseAccess Open(string path)
    {
        // Checked before the file is opened, so that the next check notices if it is replaced in between.
        FileStatus status = Look(path) ?? throw DatabaseDiagnosis.Missing(path);
        string folder = System.IO.Path.GetDirectoryName(path)!;
        SchemaVersion.Check(folder);
        if (FileAccessCheck.MayWrite(path) && FileAccessCheck.MayWrite(folder))
        {
            return new DatabaseAccess(path, status, DatabaseConnections.OpenForWriting(path));
        }

        try
        {
            using SqliteConnection probe = DatabaseConnections.OpenForReading(path);
            return new DatabaseAccess(path, status);
        }
        catch (DatabaseException exception) when (exception.IsInaccessible)
        {
            return IsFrozen(path)
                ? new DatabaseAccess(path, status, isImmutable: true)
                : throw DatabaseDiagnosis.Inaccessible(path, exception);
        }
    }

    /// <summary>A new connection for queries; the caller owns it.</summary>
    /// <exception cref="DatabaseUnavailableException">The file can't be opened any more.</exception>
    /// <exception cref="DatabaseException">SQLite can't read the file.</exception>
    public SqliteConnection OpenReader()
    {
        try
        {
            return DatabaseConnections.OpenForReading(Path, IsImmutable);
        }
        catch (DatabaseException exception) when (exception.IsInaccessible)
        {
            throw DatabaseDiagnosis.Inaccessible(Path, exception);
        }
    }

    /// <summary>A new handle on Nix's lock against changes of the schema; null if this user may not open the lock.</summary>
    public LockFile? OpenBigLock()
    {
        try
        {
            return LockFile.Open(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Path)!, "big-lock"));
        }
        catch (SystemCallException exception) when (exception.IsRefusal)
        {
            return null;
        }
    }

    /// <summary>Whether the path still leads to the same file, and to the same content where the file is read as it is.</summary>
    public bool IsCurrent() =>
        Look(Path) is FileStatus now && (IsImmutable ? now == _status && IsFrozen(Path) : now.Identity == _status.Identity);

    public void Dispose()
    {
        using (_keeper)
        {
            // If another file has replaced this one, a log beside it may belong to that file.
            if (_keeper is not null && IsInPlace())
            {
                DatabaseConnections.EmptyLog(_keeper);
            }
        }
    }

    private bool IsInPlace()
    {
        try
        {
            return FileStatus.Find(Path) is FileStatus now && now.Identity == _status.Identity;
        }
        catch (SystemCallException)
        {
            return false;
        }
    }

    private static FileStatus? Look(string path)
    {
        try
        {
            return FileStatus.Find(path);
        }
        catch (SystemCallException exception)
        {
            throw DatabaseDiagnosis.Inaccessible(path, exception);
        }
    }

    private static bool IsFrozen(string path) =>
        FileAccessCheck.IsOnReadOnlyFileSystem(path)
        && FileStatus.Find(path + "-wal") is not { Size: > 0 };
}
