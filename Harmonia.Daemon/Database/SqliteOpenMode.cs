namespace Harmonia.Daemon.Database;

/// <summary>How a database file is opened.</summary>
internal enum SqliteOpenMode
{
    /// <summary>For queries. The write-ahead log of other processes is seen.</summary>
    ReadOnly,

    /// <summary>For queries of a file that nobody changes: neither locks nor the write-ahead log are looked at.</summary>
    Immutable,

    /// <summary>For changes of a database that exists.</summary>
    ReadWrite,

    /// <summary>For changes of a database that may have to be made first.</summary>
    Create,
}
