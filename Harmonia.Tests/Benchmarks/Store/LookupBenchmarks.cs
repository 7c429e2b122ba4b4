using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using Harmonia.Daemon.Adding;
using Harmonia.Daemon.Database;
using Harmonia.Protocol.Primitives;
using Harmonia.Protocol.Store;
using Microsoft.Data.Sqlite;

namespace Harmonia.Benchmarks.Store;

/// <summary>Questions to the database of a store of 20,000 paths with eight references each, as the daemon answers them.</summary>
[MemoryDiagnoser]
public class LookupBenchmarks
{
    private const int Paths = 20_000;

    private readonly string _directory = Directory.CreateTempSubdirectory("harmonia-benchmark-").FullName;
    private readonly StorePathHash[] _hashParts = [.. Enumerable.Range(0, 16).Select(n => PathOf(n * 1000).Hash)];
    private StoreDatabase _database = null!;
    private int _next;

    [GlobalSetup]
    public void Make()
    {
        StoreLayout layout = new(_directory);
        StoreCreation.EnsureExists(layout);
        using (SqliteConnection connection = DatabaseConnections.OpenForWriting(layout.DatabasePath))
        {
            DatabaseConnections.Execute(connection, "begin");
            for (int n = 0; n < Paths; n++)
            {
                DatabaseConnections.Execute(connection, $"""
                    insert into ValidPaths (path, hash, registrationTime, narSize)
                    values ('/nix/store/{PathOf(n)}', 'sha256:{new string('1', 64)}', 1, 100)
                    """);
            }

            DatabaseConnections.Execute(
                connection, "insert into Refs select a.id, b.id from ValidPaths a, ValidPaths b where b.id between a.id - 8 and a.id - 1");
            DatabaseConnections.Execute(connection, "commit");
        }

        _database = new StoreDatabase(layout.DatabasePath, StoreDirectory.Default, connections: 1);
    }

    [GlobalCleanup]
    public void Remove()
    {
        _database.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Benchmark]
    public UnkeyedValidPathInfo? PathInfo() => _database.QueryPathInfo(NextPath());

    [Benchmark]
    public StorePath? PathFromHashPart() => _database.QueryPathFromHashPart(NextPath().Hash);

    [Benchmark(OperationsPerInvoke = 16)]
    public IReadOnlyList<ValidPathInfo?> SixteenPathInfosByHashPart() => _database.QueryPathInfos(_hashParts);

    [Benchmark]
    public StorePath? MissedHashPart() => _database.QueryPathFromHashPart(StorePathHash.Parse(new string('z', StorePathHash.Length)));

    private StorePath NextPath() => PathOf(_next = (_next + 7919) % Paths);

    private static StorePath PathOf(int number) => StorePath.Parse(string.Create(
        CultureInfo.InvariantCulture, $"{NixBase32.Encode(Encoding.ASCII.GetBytes($"{number * 104_729L % 1_000_003:d20}"))}-package-{number}"));
}
