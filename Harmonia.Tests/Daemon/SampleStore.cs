using Harmonia.Daemon.Adding;
using Harmonia.Daemon.Configuration;
using Harmonia.Daemon.Database;
using Harmonia.Daemon.Gc;
using Harmonia.Daemon.Operations;
using Harmonia.Daemon.Store;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using Microsoft.Data.Sqlite;

namespace Harmonia.Tests.Daemon;

/// <summary>
/// A small store on disk with rows that the tests write themselves. <see cref="Top"/> refers to itself and to <see cref="Library"/>, and
/// was built by <see cref="TopDerivation"/>, which needs <see cref="LibraryDerivation"/>.
/// </summary>
internal sealed class SampleStore : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly StoreLayout _layout;
    private StoreServices? _services;

    public SampleStore()
    {
        _layout = new StoreLayout(_directory.Path);
        StoreCreation.EnsureExists(_layout);
        Execute(
            "begin",
            InsertSql(Library, "sha256:" + new string('1', 64), narSize: 100),
            InsertSql(Top, "sha256:" + new string('2', 64), deriver: Print(TopDerivation), narSize: 200, ultimate: 1, signatures: TopSignature),
            InsertSql(LibraryDerivation, "sha256:" + new string('3', 64), narSize: 300),
            InsertSql(TopDerivation, "sha256:" + new string('4', 64), narSize: 400),
            InsertSql(UnbuiltDerivation, "sha256:" + new string('5', 64), narSize: 500),
            ReferSql(Top, Top),
            ReferSql(Top, Library),
            ReferSql(TopDerivation, LibraryDerivation),
            OutputSql(TopDerivation, "out", Top),
            OutputSql(LibraryDerivation, "out", Library),
            OutputSql(UnbuiltDerivation, "out", Missing),
            "commit");
        WriteFile(Top, "contents of top\n");
        WriteFile(LibraryDerivation, Derivation(Library, ""));
        WriteFile(TopDerivation, Derivation(Top, $"""("{Print(LibraryDerivation)}",["out"])"""));
        WriteFile(UnbuiltDerivation, Derivation(Missing, $"""("{Print(TopDerivation)}",["out"]),("{Print(MissingDerivation)}",["out"])"""));
    }

    public static StorePath Library { get; } = StorePath.Parse("01111111111111111111111111111111-library");

    public static StorePath Top { get; } = StorePath.Parse("02222222222222222222222222222222-top");

    public static StorePath LibraryDerivation { get; } = StorePath.Parse("03333333333333333333333333333333-library.drv");

    public static StorePath TopDerivation { get; } = StorePath.Parse("04444444444444444444444444444444-top.drv");

    /// <summary>Its output is <see cref="Missing"/>; it needs the top and <see cref="MissingDerivation"/>.</summary>
    public static StorePath UnbuiltDerivation { get; } = StorePath.Parse("05555555555555555555555555555555-unbuilt.drv");

    /// <summary>Not valid.</summary>
    public static StorePath Missing { get; } = StorePath.Parse("06666666666666666666666666666666-missing");

    /// <summary>Not valid.</summary>
    public static StorePath MissingDerivation { get; } = StorePath.Parse("07777777777777777777777777777777-missing.drv");

    public static string TopSignature { get; } = $"sample-1:{Convert.ToBase64String(new byte[64])}";

    public string DatabasePath => _layout.DatabasePath;

    public string StateDirectory => _layout.StateDirectory;

    public string LogDirectory => Path.Combine(_directory.Path, "log");

    /// <summary>The key that is trusted.</summary>
    public static SecretKey Key { get; } = SecretKey.Generate("trusted-1");

    /// <summary>The daemon's settings.</summary>
    public ConnectionSettings Settings { get; init; } = new() { TrustedPublicKeys = [Key.PublicKey] };

    public string RealStoreDirectory => _layout.RealStoreDirectory;

    /// <summary>The clock for waiting for changes of the store.</summary>
    public FakeTime Time { get; } = new();

    public static string Print(StorePath path) => StoreDirectory.Default.Print(path);

    /// <summary>The services of the store, as the daemon opens it. Dispose closes them.</summary>
    public StoreServices Services => _services ??= Open();

    public void Insert(
        StorePath path, string hash, string? deriver = null, long? narSize = null, long? ultimate = null, string? signatures = null, string? ca = null) =>
        Execute(InsertSql(path, hash, deriver, narSize, ultimate, signatures, ca));

    /// <summary>Runs SQL statements that change the database, as another process would.</summary>
    public void Execute(params string[] statements)
    {
        using SqliteConnection connection = DatabaseConnections.OpenForWriting(DatabasePath, synchronise: false);
        foreach (string sql in statements)
        {
            DatabaseConnections.Execute(connection, sql);
        }
    }

    public void WriteFile(StorePath path, string contents) => File.WriteAllText(Path.Combine(RealStoreDirectory, path.BaseName), contents);

    public void Dispose()
    {
        _services?.Changes.Dispose();
        _services?.TempRoots.Dispose();
        _services?.Writer.Dispose();
        _services?.Registry.Dispose();
        _services?.Database.Dispose();
        _directory.Dispose();
    }

    private StoreServices Open()
    {
        StoreDatabase database = new(DatabasePath, StoreDirectory.Default, connections: 4);
        StoreFiles files = new(RealStoreDirectory, StoreDirectory.Default);
        StoreChanges changes = new(database, Time);
        StoreRegistry registry = new(database, files, changes, TimeProvider.System);
        return new StoreServices
        {
            Database = database,
            Files = files,
            Derivations = new Derivations(database, files),
            TempRoots = new TempRoots(StateDirectory, StoreDirectory.Default),
            Roots = new GarbageCollectorRoots(StateDirectory, StoreDirectory.Default),
            Collector = new GarbageCollector(database, registry, new GcRootFinder(database, StateDirectory), RealStoreDirectory, StateDirectory),
            Logs = new BuildLogs(LogDirectory),
            Changes = changes,
            PathInfos = new PathInfoCache(database, changes),
            PathCount = new PathCount(database, changes),
            Registry = registry,
            Writer = new StoreWriter(RealStoreDirectory, registry, synchronise: false),
            Settings = Settings,
        };
    }

    private static string Derivation(StorePath output, string inputs) =>
        $"""Derive([("out","{Print(output)}","","")],[{inputs}],[],"x86_64-linux","/bin/sh",[],[("out","{Print(output)}")])""";

    private static string InsertSql(
        StorePath path, string hash, string? deriver = null, long? narSize = null, long? ultimate = null, string? signatures = null, string? ca = null) =>
        $"""
        insert into ValidPaths (path, hash, registrationTime, deriver, narSize, ultimate, sigs, ca)
        values ('{Print(path)}', '{hash}', 1700000000, {Text(deriver)}, {Number(narSize)}, {Number(ultimate)}, {Text(signatures)}, {Text(ca)})
        """;

    private static string ReferSql(StorePath referrer, StorePath reference) =>
        $"""
        insert into Refs select a.id, b.id from ValidPaths a, ValidPaths b where a.path = '{Print(referrer)}' and b.path = '{Print(reference)}'
        """;

    private static string OutputSql(StorePath derivation, string name, StorePath output) =>
        $"insert into DerivationOutputs select id, '{name}', '{Print(output)}' from ValidPaths where path = '{Print(derivation)}'";

    private static string Text(string? value) => value is null ? "null" : $"'{value}'";

    private static string Number(long? value) => value is null ? "null" : $"{value}";
}
