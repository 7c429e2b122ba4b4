using Harmonia.Daemon.Database;
using Harmonia.Tests.Daemon.Database;
using Harmonia.Tests.Support;
using Microsoft.Data.Sqlite;

namespace Harmonia.Tests.Daemon.Adding;

/// <summary>The parts of two stores that should be equal: the rows of the database without times and IDs, and the files.</summary>
internal static class StoreContents
{
    private static readonly string[] Queries =
    [
        """
        select path || ' ' || hash || ' ' || narSize || ' ' || coalesce(deriver, '-') || ' ' || coalesce(ultimate, '-') || ' ' || coalesce(sigs, '-')
          || ' ' || coalesce(ca, '-') from ValidPaths order by path
        """,
        "select a.path || ' > ' || b.path from Refs join ValidPaths a on referrer = a.id join ValidPaths b on reference = b.id order by a.path, b.path",
        "select v.path || '!' || o.id || ' ' || o.path from DerivationOutputs o join ValidPaths v on o.drv = v.id order by v.path, o.id",
    ];

    public static string[] Rows(RealNixStore store)
    {
        using SqliteConnection connection = DatabaseConnections.OpenForReading(store.Database);
        return [.. Queries.SelectMany(query => connection.Query(query)).Select(row => row[0])];
    }

    /// <summary>Kind, permissions, size, time and target of each file.</summary>
    public static async Task<string[]> FilesAsync(RealNixStore store) => (await Command.RunAsync(
        "find",
        [store.RealStoreDirectory, "-mindepth", "1", "-not", "-name", ".links", "-printf", "%P %M %s %T@ %l\n"],
        new Dictionary<string, string?> { ["LC_ALL"] = "C" })).SortedLines;

    /// <summary>Names in the store directory that belong to no path: locks, scratch directories.</summary>
    public static string[] Strays(RealNixStore store) =>
    [
        .. Directory.EnumerateFileSystemEntries(store.RealStoreDirectory).Select(Path.GetFileName).OfType<string>()
            .Where(name => name.StartsWith("tmp-", StringComparison.Ordinal) || name.EndsWith(".lock", StringComparison.Ordinal)),
    ];

    /// <summary>The errors that Nix finds in the store, without its progress messages.</summary>
    public static async Task<string[]> VerifyAsync(RealNixStore store)
    {
        CommandResult result = await Command.TryRunAsync(
            store.Release.Program("nix-store"), ["--verify", "--check-contents"], store.Environment);
        return [.. (result.Text + result.Errors).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.EndsWith("...", StringComparison.Ordinal))];
    }
}
