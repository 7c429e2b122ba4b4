using Harmonia.Daemon.Adding;
using Harmonia.Daemon.Database;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using Microsoft.Data.Sqlite;
using NUnit.Framework;

namespace Harmonia.Tests.Daemon.Adding;

public sealed class StoreImporterTests
{
    private TemporaryDirectory _directory = null!;

    private string StoreFolder => _directory["root/nix/store"];

    private string DatabasePath => _directory["root/nix/var/nix/db/db.sqlite"];

    [SetUp]
    public void Begin() => _directory = new TemporaryDirectory();

    [TearDown]
    public void End() => _directory.Dispose();

    [Test]
    public async Task A_file_becomes_a_valid_path()
    {
        File.WriteAllText(_directory["hello.txt"], "hello\n");
        StorePath path = (await AddAsync("hello.txt")).Single();
        using StoreDatabase database = new(DatabasePath, StoreDirectory.Default, 1);
        UnkeyedValidPathInfo info = database.QueryPathInfo(path)!;

        // The output of nix-store --add for this file.
        Assert.That(path.BaseName, Is.EqualTo("i9pmrzmpshapij2kin22pff6fc2adavx-hello.txt"));
        Assert.That(info.NarHash.ToPrefixedBase16(), Is.EqualTo("sha256:1c37d01af40be2e80691de3cc3df44377a699afbb17c68f080964b2fd071fc13"));
        Assert.That(info.NarSize, Is.EqualTo(120));
        Assert.That(info.ContentAddress!.ToString(), Is.EqualTo("fixed:r:sha256:04zwf782yjwnh3q6hz5izfd6jyip8kgw6g6yj43fiqhbyhdd0dqw"));
        Assert.That(info.RegistrationTime, Is.EqualTo(1_234_567ul));
        Assert.That(info.References.Count + info.Signatures.Count, Is.Zero);
        Assert.That(info.Ultimate, Is.False);
    }

    [Test]
    public async Task Files_get_the_metadata_of_a_store()
    {
        Directory.CreateDirectory(_directory["tree/sub"]);
        File.WriteAllText(_directory["tree/sub/plain"], "x");
        File.SetUnixFileMode(_directory["tree/sub/plain"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(_directory["tree/run"], "x");
        File.SetUnixFileMode(_directory["tree/run"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.CreateSymbolicLink(_directory["tree/link"], "nowhere");
        string path = $"{StoreFolder}/{(await AddAsync("tree")).Single()}";
        string[] entries = [path, $"{path}/sub", $"{path}/sub/plain", $"{path}/run"];

        Assert.That(
            entries.Select(entry => Convert.ToString((int)File.GetUnixFileMode(entry), 8)), Is.EqualTo(["555", "555", "444", "555"]));
        Assert.That(
            entries.Append($"{path}/link").Select(File.GetLastWriteTimeUtc), Is.All.EqualTo(DateTime.UnixEpoch.AddSeconds(1)));
        Assert.That(new FileInfo($"{path}/link").LinkTarget, Is.EqualTo("nowhere"));
    }

    [Test]
    public async Task What_is_valid_already_is_not_added_again()
    {
        File.WriteAllText(_directory["file"], "x");
        StorePath first = (await AddAsync("file")).Single();
        using StoreDatabase database = new(DatabasePath, StoreDirectory.Default, 1);
        UnkeyedValidPathInfo before = database.QueryPathInfo(first)!;

        Assert.That(await AddAsync("file", "file"), Is.EqualTo([first, first]));
        Assert.That(database.QueryPathInfo(first), Is.EqualTo(before));
        Assert.That(database.QueryAllValidPaths(), Is.EqualTo([first]));
    }

    [Test]
    public async Task What_a_crash_left_at_the_path_is_replaced()
    {
        File.WriteAllText(_directory["file"], "x");
        StorePath path = (await AddAsync("file")).Single();
        using (SqliteConnection connection = DatabaseConnections.OpenForWriting(DatabasePath))
        {
            DatabaseConnections.Execute(connection, "delete from ValidPaths");
        }

        File.Delete($"{StoreFolder}/{path}");
        Directory.CreateDirectory($"{StoreFolder}/{path}/left");
        File.WriteAllText($"{StoreFolder}/{path}/left/over", "junk");
        File.SetUnixFileMode($"{StoreFolder}/{path}/left", UnixFileMode.UserRead | UnixFileMode.UserExecute);

        Assert.That(await AddAsync("file"), Is.EqualTo([path]));
        Assert.That(File.ReadAllText($"{StoreFolder}/{path}"), Is.EqualTo("x"));
    }

    [Test]
    public void Nothing_is_added_when_something_is_missing()
    {
        File.WriteAllText(_directory["file"], "x");

        Assert.That(() => AddAsync("file", "missing"), Throws.TypeOf<FileNotFoundException>());
        using StoreDatabase database = new(DatabasePath, StoreDirectory.Default, 1);
        Assert.That(database.QueryAllValidPaths(), Is.Empty);
        Assert.That(Directory.GetFileSystemEntries(StoreFolder).Select(Path.GetFileName), Is.EqualTo([".links"]), "Nothing is left lying about.");
    }

    [Test]
    public void Who_gives_up_adds_nothing()
    {
        File.WriteAllText(_directory["file"], "x");

        Assert.That(
            () => AddAsync([(_directory["file"], "file")], new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Directory.GetFileSystemEntries(StoreFolder).Select(Path.GetFileName), Is.EqualTo([".links"]));
    }

    [Test]
    public void What_is_called_like_a_derivation_is_refused()
    {
        File.WriteAllText(_directory["x.drv"], "x");

        Assert.That(() => AddAsync("x.drv"), Throws.TypeOf<FormatException>().With.Message.Contains("x.drv"));
    }

    [TestCase("a b")]
    [TestCase("ä")]
    [TestCase("")]
    public void A_name_that_no_path_may_have_is_refused(string name)
    {
        File.WriteAllText(_directory["file"], "x");

        Assert.That(() => AddAsync([(_directory["file"], name)], default), Throws.TypeOf<FormatException>());
    }

    [Test]
    public async Task A_store_with_another_schema_is_refused()
    {
        File.WriteAllText(_directory["file"], "x");
        await AddAsync("file");
        File.WriteAllText(_directory["root/nix/var/nix/db/schema"], "11");

        Assert.That(() => AddAsync("file"), Throws.TypeOf<DatabaseUnavailableException>());
    }

    private Task<IReadOnlyList<StorePath>> AddAsync(params string[] names) => AddAsync([.. names.Select(name => (_directory[name], name))], default);

    private async Task<IReadOnlyList<StorePath>> AddAsync((string File, string Name)[] sources, CancellationToken cancellationToken)
    {
        FakeTime time = new();
        time.Advance(TimeSpan.FromSeconds(1_234_567));
        using StoreImporter importer = new(new StoreLayout(_directory["root"]), StoreDirectory.Default, time);
        return await importer.AddAsync(sources, cancellationToken);
    }
}
