using Harmonia.Daemon.Interop;
using Harmonia.Protocol.Interop;
using Microsoft.Data.Sqlite;

namespace Harmonia.Daemon.Database;

/// <summary>
/// The way one database file can be read, found once by trying what is best first. Owns what has to stay open for the readers' sake.
/// </summary>
/// <remarks>
/// A reader of a write-ahead log needs its index, the file <c>-shm</c>, and must be able to make it when it is missing. So:
/// 1. Who may write keeps one connection open for good: that makes the index, and keeps it in place for every other reader.
/// 2. Who may only read gets along while the two files are there and readable.
/// 3. Where nobody can write, a file without pending log is read as it is. Whether that still holds is asked around every answer.
/// 4. Else the operator is told what is missing.
/// </remarks>
internal sealed class DatabaseAccess : IDisposable
{
    private readonly SqliteConnection? _keeper;
    private readonly FileStatus _status;

    private DatabaseAccess(string path, FileStatus status, SqliteConnection? keeper = null, bool isImmutable = false) =>
        (Path, _status, _keeper, IsImmutable) = (path, status, keeper, isImmutable);

    /// <summary>The database file.</summary>
    public string Path { get; }

    /// <summary>Whether answers hold only if <see cref="IsCurrent"/> is still true after them.</summary>
    public bool IsImmutable { get; }

    /// <summary>How the database is read, for the operator.</summary>
    public string Description => (_keeper, IsImmutable) switch
    {
        (not null, _) => "read, and kept open so that its index stays in place",
        (_, true) => "read as it is: nobody can write to it",
        _ => "read; its write-ahead log is kept by others",
    };

    /// <exception cref="DatabaseUnavailableException">There is no way.</exception>
    /// <exception cref="DatabaseException">SQLite can't read the file.</exception>
    public static DatabaseAccess Open(string path)
    {
        // Looked at before the file is opened: if it is replaced in between, the next look notices.
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

    /// <summary>A handle of its own on Nix's lock against changes of the schema; null for those who may not take part in locking.</summary>
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
            // A log beside a file that has taken this one's place may be that file's.
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
