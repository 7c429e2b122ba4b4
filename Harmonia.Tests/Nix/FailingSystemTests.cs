using System.Buffers;
using System.Net.Sockets;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;
using Harmonia.Tests.Daemon.Adding;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

/// <summary>When a system call fails, the addition fails and nothing else: the store is intact, and the next addition succeeds.</summary>
[Category("Nix")]
public sealed class FailingSystemTests
{
    private RealNixStore _store = null!;
    private RealNixStore _source = null!;

    [SetUp]
    public async Task MakeStoresAsync()
    {
        _source = await RealNixStore.CreateAsync(NixRelease.Forky, RealNixStoreLayout.Chroot);
        _store = await RealNixStore.CreateAsync(NixRelease.Forky, RealNixStoreLayout.Chroot);
    }

    [TearDown]
    public void RemoveStores()
    {
        _store.Dispose();
        _source.Dispose();
    }

    /// <summary>With a little more space each time, another call is the first to fail: for a file, a directory, the database.</summary>
    [Test]
    public async Task A_disk_may_be_full_at_any_point()
    {
        string[] paths = [await AddTreeAsync(folders: 10), await _source.AddFileAsync("large", new string('x', 300_000)), .. await AddFilesAsync(20)];
        Directory.CreateDirectory($"{_store.Root}/root");
        using SmallDisk disk = new(24 << 20, $"{_store.Root}/root");
        await InitialiseAsync();
        await using HarmoniaDaemon daemon = await HarmoniaDaemon.StartAsync(_store);
        int failures = 0;
        for (long left = 0; ; left += 4096 + (left / 4))
        {
            disk.Fill(left);
            CommandResult copy = await CopyAsync(daemon, paths);
            disk.Empty();
            Assert.That(StoreContents.Strays(_store), Is.Empty, $"{left} bytes");
            Assert.That(await StoreContents.VerifyAsync(_store), Is.Empty, $"{left} bytes");
            if (copy.ExitCode == 0)
                break;
            failures++;
        }

        Assert.That(failures, Is.GreaterThan(5));
        Assert.That(StoreContents.Rows(_store), Is.EqualTo(StoreContents.Rows(_source)));
    }

    [Test]
    public async Task There_may_be_no_file_descriptor_left()
    {
        const int Clients = 5;
        await InitialiseAsync();
        string[] trees = [.. await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => AddTreeAsync(folders: 1, depth: 60)))];
        await using HarmoniaDaemon daemon = await HarmoniaDaemon.StartAsync(_store, "", "/usr/bin/prlimit", "--nofile=300:300");

        CommandResult[] copies = await Task.WhenAll(trees.Select(tree => CopyAsync(daemon, tree)));

        TestContext.Out.WriteLine($"{copies.Count(copy => copy.ExitCode != 0)} of {Clients} failed");
        Assert.That(StoreContents.Strays(_store), Is.Empty);
        Assert.That(await StoreContents.VerifyAsync(_store), Is.Empty);
        foreach (string tree in trees)
        {
            CommandResult again = await CopyAsync(daemon, tree);
            Assert.That(again.ExitCode, Is.Zero, again.Errors);
        }

        Assert.That(StoreContents.Rows(_store), Is.EqualTo(StoreContents.Rows(_source)));
    }

    [Test]
    public async Task A_client_may_vanish_at_any_point_of_an_upload()
    {
        await InitialiseAsync();
        await using HarmoniaDaemon daemon = await HarmoniaDaemon.StartAsync(_store);
        byte[] upload = await UploadAsync();
        Random random = new(1);
        foreach (int length in Enumerable.Range(0, 100).Select(_ => random.Next(upload.Length)).Append(upload.Length))
        {
            using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(daemon.SocketPath));
            await socket.SendAsync(upload.AsMemory(0, length));
        }

        await Patience.UntilAsync(() => StoreContents.Rows(_store).Length == 4 && StoreContents.Strays(_store).Length == 0);
        await Patience.UntilAsync(() => Directory.GetFiles($"{_store.StateDirectory}/temproots").Length == 0);
        Assert.That(await StoreContents.VerifyAsync(_store), Is.Empty);
    }

    /// <summary>As on NixOS, where builders and users must not write to the store.</summary>
    [Test]
    public async Task The_store_may_be_mounted_read_only_for_all_others()
    {
        await InitialiseAsync();
        string path = await AddTreeAsync(folders: 2);
        await using HarmoniaDaemon daemon = await HarmoniaDaemon.StartAsync(
            _store,
            "",
            "/usr/bin/unshare", "--mount", "sh", "-c", """mount --bind "$0" "$0" && mount -o remount,bind,ro,nosuid "$0" && exec "$@" """, _store.RealStoreDirectory);

        CommandResult copy = await CopyAsync(daemon, path);

        Assert.That(copy.ExitCode, Is.Zero, copy.Errors);
        Assert.That(await StoreContents.VerifyAsync(_store), Is.Empty);
        string mount = File.ReadLines($"/proc/{daemon.Program.ProcessId}/mountinfo").Single(line => line.Contains(_store.RealStoreDirectory, StringComparison.Ordinal));
        Assert.That(mount.Split(' ')[5].Split(','), Does.Contain("rw").And.Contain("nosuid"));
        Assert.That(await daemon.Program.TerminateAsync(), Is.Zero);
    }

    /// <summary>A sandbox without CAP_SYS_ADMIN: a warning at the start, and an error to who adds.</summary>
    [Test]
    public async Task A_store_that_stays_read_only_is_a_warning_at_the_start()
    {
        await InitialiseAsync();
        string path = await AddTreeAsync(folders: 1);
        await using HarmoniaDaemon daemon = await StartReadOnlyAsync("--bounding-set=-sys_admin");

        CommandResult copy = await CopyAsync(daemon, path);

        Assert.That(copy.ExitCode, Is.Not.Zero);
        Assert.That(daemon.Program.Log, Does.Match($@"warn: harmonia-daemon\[9\] The store directory {_store.RealStoreDirectory} is mounted read-only"));
    }

    /// <summary>Without any privilege it was meant to answer only.</summary>
    [Test]
    public async Task A_daemon_without_privileges_finds_a_read_only_store_in_order()
    {
        await InitialiseAsync();
        await using HarmoniaDaemon daemon = await StartReadOnlyAsync("--bounding-set=-all");

        Assert.That(daemon.Program.Log, Does.Contain("info: harmonia-daemon[9] The store directory").And.Not.Contain("warn: harmonia-daemon[9]"));
    }

    private Task<HarmoniaDaemon> StartReadOnlyAsync(string privileges) => HarmoniaDaemon.StartAsync(
        _store,
        "",
        "/usr/bin/unshare", "--mount", "sh", "-c",
        """mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec setpriv "$@" """, _store.RealStoreDirectory, privileges);

    private async Task InitialiseAsync() => await Command.RunAsync(HarmoniaProgram.Path("harmonia-daemon"), ["init", "--store-root", $"{_store.Root}/root"]);

    private Task<CommandResult> CopyAsync(HarmoniaDaemon daemon, params string[] paths) => Command.TryRunAsync(
        _source.Release.Program("nix"), ["copy", "--to", daemon.ClientEnvironment["NIX_REMOTE"]!, .. paths], _source.Environment);

    private async Task<string> AddTreeAsync(int folders, int depth = 1)
    {
        string tree = $"{_source.Root}/home/{Guid.NewGuid():N}";
        for (int i = 0; i < folders; i++)
        {
            string folder = Directory.CreateDirectory($"{tree}/{i}/{string.Join('/', Enumerable.Repeat("d", depth))}").FullName;
            await File.WriteAllTextAsync($"{folder}/file", tree);
        }

        return await _source.AddTreeAsync(tree);
    }

    private async Task<string[]> AddFilesAsync(int count)
    {
        string folder = Directory.CreateDirectory($"{_source.Root}/home/files").FullName;
        for (int i = 0; i < count; i++)
            await File.WriteAllTextAsync($"{folder}/file{i}", $"contents {i}");
        return await _source.RunAsync("nix-store", ["--add", .. Directory.GetFiles(folder)]);
    }

    /// <summary>The bytes of a client that uploads a few paths, the first of which are large.</summary>
    private static async Task<byte[]> UploadAsync()
    {
        MessageContext context = new() { StoreDirectory = StoreDirectory.Default, Version = new ProtocolVersion(1, 38), Features = new FeatureSet([]) };
        using MemoryStream stream = new();
        using WireWriter paths = new(stream);
        int[] sizes = [200_000, 70_000, 10, 0];
        paths.WriteUInt64((ulong)sizes.Length);
        for (int i = 0; i < sizes.Length; i++)
        {
            byte[] nar = new WireBytes().Text("nix-archive-1", "(", "type", "regular", "contents", new string('x', sizes[i]), ")").ToArray();
            UnkeyedValidPathInfo info = new() { NarHash = NarHash.Of(nar), NarSize = (ulong)nar.Length, References = [] };
            ValidPathInfoCodec.Write(
                paths, context.InsideAddMultipleToStore, new ValidPathInfo { Path = StorePath.Parse($"{new string((char)('a' + i), 32)}-path"), Info = info });
            paths.Write(nar);
        }

        await paths.FlushAsync(default);
        WireBytes upload = new WireBytes().U64(0x6e697863, 0x126, 0, 0, 0).U64((ulong)Operation.AddMultipleToStore, 0, 1);
        foreach (byte[] chunk in stream.ToArray().Chunk(4096))
            upload.U64((ulong)chunk.Length).Raw(chunk);
        return upload.U64(0).ToArray();
    }
}
