using Harmonia.Daemon.Database;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Daemon;
using Harmonia.Tests.Daemon.Database;
using Harmonia.Tests.Support;
using Microsoft.Data.Sqlite;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

/// <summary>All ways to read a database of a real Nix, as the user nobody and as its owner.</summary>
[Category("Nix")]
[TestFixtureSource(nameof(Releases))]
public sealed class DatabaseAccessTests(NixRelease release)
{
    private RealNixStore _store = null!;
    private StorePath _path = null!;

    // Nix 2.8 removes the write-ahead log when it closes the database, Nix 2.34 leaves it.
    public static IEnumerable<NixRelease> Releases => [NixRelease.Bookworm, NixRelease.Forky];

    private string Log => _store.Database + "-wal";

    private string Index => _store.Database + "-shm";

    private string Folder => Path.GetDirectoryName(_store.Database)!;

    private string Configuration => $"{_store.Root}/daemon.toml";

    [SetUp]
    public async Task MakeStoreAsync()
    {
        _store = await RealNixStore.CreateAsync(release);
        File.SetUnixFileMode(_store.Root, (UnixFileMode)0b111_101_101);
        _path = StoreDirectory.Parse(_store.StoreDirectory).ParsePath(await _store.AddFileAsync("first", "1"));
        File.WriteAllText(Configuration, $"store_dir = \"{_store.StoreDirectory}\"\nstate_dir = \"{_store.StateDirectory}\"\n");
    }

    [TearDown]
    public void RemoveStore() => _store.Dispose();

    [Test]
    public void The_owner_makes_the_index_and_leaves_it_there()
    {
        DeleteLog();
        using (StoreDatabase database = Open())
        {
            Assert.That(database.IsValidPath(_path), Is.True);
            Assert.That(File.Exists(Index) && File.Exists(Log), Is.True);
        }

        Assert.That(File.Exists(Index) && File.Exists(Log), Is.True);
    }

    [Test]
    public async Task Other_users_can_read_while_the_owner_keeps_the_index()
    {
        using StoreDatabase owner = Open();
        using UnprivilegedDaemon daemon = UnprivilegedDaemon.Start(Configuration);
        using SessionClient client = await daemon.ConnectAsync(_store.StoreDirectory);
        Assert.That(await client.IsValidPathAsync(_path), Is.True);

        StorePath second = StoreDirectory.Parse(_store.StoreDirectory).ParsePath(await _store.AddFileAsync("second", "2"));

        Assert.That(new FileInfo(Log).Length, Is.Positive, "It is in the log only.");
        Assert.That(await client.IsValidPathAsync(second), Is.True);
        Assert.That((await daemon.EndAsync()).ExitCode, Is.Zero);
    }

    [Test]
    public async Task Without_the_log_the_error_names_the_user_and_the_remedy()
    {
        DeleteLog();
        using UnprivilegedDaemon daemon = UnprivilegedDaemon.Start(Configuration);

        (int exitCode, string errors) = await daemon.EndAsync();

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(errors, Does.Contain("'nobody' (uid 65534)").And.Contain($"'{Log}' is missing").And.Contain("Run harmonia-daemon as the owner"));
    }

    [Test]
    public async Task A_user_without_read_permission_gets_an_error_that_names_the_file()
    {
        using StoreDatabase owner = Open();
        File.SetUnixFileMode(Index, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using UnprivilegedDaemon daemon = UnprivilegedDaemon.Start(Configuration);

        (int exitCode, string errors) = await daemon.EndAsync();

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(errors, Does.Contain($"may not read '{Index}'"));
    }

    [Test]
    public async Task A_database_without_log_that_nobody_can_write_is_read_as_it_is()
    {
        DeleteLog();
        using UnprivilegedDaemon daemon = UnprivilegedDaemon.Start(Configuration, frozen: Folder);
        using SessionClient client = await daemon.ConnectAsync(_store.StoreDirectory);

        Assert.That(await client.IsValidPathAsync(_path), Is.True);
        Assert.That((await daemon.EndAsync()).ExitCode, Is.Zero);
    }

    [Test]
    public async Task What_was_frozen_and_changes_all_the_same_is_noticed()
    {
        DeleteLog();
        using UnprivilegedDaemon daemon = UnprivilegedDaemon.Start(Configuration, frozen: Folder);
        using SessionClient client = await daemon.ConnectAsync(_store.StoreDirectory);
        Assert.That(await client.IsValidPathAsync(_path), Is.True);
        StorePath second = StoreDirectory.Parse(_store.StoreDirectory).ParsePath(await _store.AddFileAsync("second", "2"));
        DeleteLog();

        Assert.That(await client.IsValidPathAsync(second), Is.True);

        // A log that somebody has begun is not overlooked: either its index can be read, or the client gets an error.
        using StoreDatabase writer = Open();
        StorePath third = StoreDirectory.Parse(_store.StoreDirectory).ParsePath(await _store.AddFileAsync("third", "3"));
        Assert.That(new FileInfo(Log).Length, Is.Positive);
        Assert.That(await client.IsValidPathAsync(third), Is.True);
    }

    [Test]
    public async Task A_database_with_a_pending_log_that_nobody_can_write_is_refused()
    {
        using (Open())
        {
            await _store.AddFileAsync("second", "2");
            File.Copy(Log, Log + ".pending");
        }

        DeleteLog();
        File.Move(Log + ".pending", Log);
        using UnprivilegedDaemon daemon = UnprivilegedDaemon.Start(Configuration, frozen: Folder);

        (int exitCode, string errors) = await daemon.EndAsync();

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(errors, Does.Contain($"'{Index}' is missing"));
    }

    [Test]
    public async Task A_newer_Nix_can_still_change_the_schema_while_the_database_is_read()
    {
        using StoreDatabase database = Open();
        Assert.That(database.IsValidPath(_path), Is.True);

        // Nix 2.34 makes a table in a store of Nix 2.8, with an exclusive big lock.
        CommandResult info = await Command.RunAsync(
            NixRelease.Forky.Program("nix-store"), ["--query", "--hash", $"{_store.StoreDirectory}/{_path}"], _store.Environment);

        Assert.That(info.Text, Does.StartWith("sha256:"));
        Assert.That(database.IsValidPath(_path), Is.True);
    }

    [TestCase("9", "Open the store once with Nix")]
    [TestCase("11", "Install a newer Harmonia")]
    [TestCase("x", "contains 'x'")]
    public void Another_schema_is_refused(string version, string advice)
    {
        File.WriteAllText($"{Folder}/schema", version);

        Assert.That(() => Open(), Throws.TypeOf<DatabaseUnavailableException>().With.Message.Contains(advice));
    }

    private StoreDatabase Open() => new(_store.Database, StoreDirectory.Parse(_store.StoreDirectory), connections: 2);

    /// <summary>Leaves the database as Nix 2.8 does when the last process closes it.</summary>
    private void DeleteLog()
    {
        using (SqliteConnection connection = DatabaseConnections.OpenForWriting(_store.Database))
        {
            DatabaseConnections.EmptyLog(connection);
        }

        File.Delete(Log);
        File.Delete(Index);
    }
}
