using System.Runtime.InteropServices;
using SQLitePCL;

namespace Harmonia.Daemon.Interop;

/// <summary>The one call to SQLite that its wrapper leaves out.</summary>
internal static partial class SqliteNative
{
    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_file_control", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int FileControl(sqlite3 database, string schema, int operation, ref int argument);
}
