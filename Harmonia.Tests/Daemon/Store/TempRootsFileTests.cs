using System.Net.Sockets;
using System.Text;
using Harmonia.Daemon.Interop;
using Harmonia.Daemon.Store;
using Harmonia.Protocol.Interop;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;
using static Harmonia.Tests.Daemon.SampleStore;

namespace Harmonia.Tests.Daemon.Store;

public sealed class TempRootsFileTests
{
    private SampleStore _store = null!;

    private string Folder => Path.Combine(_store.StateDirectory, "temproots");

    private string CollectorLock => Path.Combine(_store.StateDirectory, "gc.lock");

    private string CollectorSocket => Path.Combine(_store.StateDirectory, "gc-socket", "socket");

    [SetUp]
    public void Begin() => _store = new SampleStore();

    [TearDown]
    public void End() => _store.Dispose();

    [Test]
    public async Task Paths_are_written_with_a_zero_behind_each_and_the_file_is_locked()
    {
        using TempRootsFile roots = await CreateAsync();
        await roots.AddAsync(Top, default);
        await roots.AddAsync(Missing, default);
        string file = Directory.GetFiles(Folder).Single();

        Assert.That(LockedFile.ReadText(file), Is.EqualTo($"{Print(Top)}\0{Print(Missing)}\0"));
        Assert.That(Path.GetFileName(file), Does.Match($"^{Environment.ProcessId}-[0-9]+$"), "Nix up to 2.34 reads a process number from it.");
        using LockFile collector = LockFile.Open(file);
        Assert.That(collector.TryLockExclusive(), Is.False);
    }

    [Test]
    public async Task The_file_is_removed_with_its_owner()
    {
        using (TempRootsFile roots = await CreateAsync())
            await roots.AddAsync(Top, default);

        Assert.That(Directory.GetFiles(Folder), Is.Empty);
    }

    [Test]
    public async Task Each_file_has_a_name_of_its_own()
    {
        using TempRootsFile first = await CreateAsync();
        using TempRootsFile second = await CreateAsync();

        Assert.That(Directory.GetFiles(Folder), Has.Length.EqualTo(2));
    }

    [Test]
    public async Task A_file_that_a_dead_process_left_is_replaced()
    {
        File.WriteAllText(Path.Combine(Folder, "1-1"), "d");
        using RunningCollector collector = new(_store.StateDirectory, StoreDirectory.Default);
        using TempRootsFile roots = await TempRootsFile.CreateAsync(_store.StateDirectory, StoreDirectory.Default, collector, "1-1", default);
        await roots.AddAsync(Top, default);

        Assert.That(LockedFile.ReadText(Path.Combine(Folder, "1-1")), Is.EqualTo($"{Print(Top)}\0"));
    }

    [Test]
    public async Task A_running_collector_is_asked_and_waited_for()
    {
        using LockFile collector = LockFile.Open(CollectorLock);
        collector.LockExclusive();
        using Socket listener = ListenAsCollector();
        using TempRootsFile roots = await CreateAsync();
        Task adding = roots.AddAsync(Top, default);
        using Socket client = await listener.AcceptAsync().InTime();
        byte[] line = new byte[Print(Top).Length + 1];
        await new NetworkStream(client).ReadExactlyAsync(line).AsTask().InTime();
        Assert.That(Encoding.ASCII.GetString(line), Is.EqualTo(Print(Top) + "\n"));
        Assert.That(adding.IsCompleted, Is.False);
        client.Send("1"u8);
        await adding.InTime();

        Assert.That(LockedFile.ReadText(Directory.GetFiles(Folder).Single()), Is.EqualTo($"{Print(Top)}\0"), "The next collector reads the file.");
    }

    [Test]
    public async Task All_files_share_a_connection_to_the_collector()
    {
        using LockFile collector = LockFile.Open(CollectorLock);
        collector.LockExclusive();
        using Socket listener = ListenAsCollector();
        using TempRootsFile first = await CreateAsync();
        using TempRootsFile second = await CreateAsync();
        Task adding = Task.WhenAll(first.AddAsync(Top, default), second.AddAsync(Top, default));
        using Socket client = await listener.AcceptAsync().InTime();
        byte[] line = new byte[Print(Top).Length + 1];
        for (int i = 0; i < 2; i++)
        {
            await new NetworkStream(client).ReadExactlyAsync(line).AsTask().InTime();
            client.Send("1"u8);
        }

        await adding.InTime();
    }

    [Test]
    public async Task A_collector_that_ends_instead_of_answering_is_not_waited_for()
    {
        using LockFile collector = LockFile.Open(CollectorLock);
        collector.LockExclusive();
        using Socket listener = ListenAsCollector();
        using TempRootsFile roots = await CreateAsync();
        Task adding = roots.AddAsync(Top, default);
        Socket client = await listener.AcceptAsync().InTime();
        collector.Unlock();
        client.Dispose();

        await adding.InTime();
    }

    [Test]
    public async Task A_collector_that_does_not_listen_yet_is_waited_for()
    {
        using LockFile collector = LockFile.Open(CollectorLock);
        collector.LockExclusive();
        using TempRootsFile roots = await CreateAsync();
        Task adding = roots.AddAsync(Top, default);
        Assert.That(adding.IsCompleted, Is.False);
        collector.Unlock();

        await adding.InTime();
    }

    [Test]
    public async Task Who_gives_up_leaves_nothing()
    {
        using LockFile collector = LockFile.Open(CollectorLock);
        collector.LockExclusive();
        using CancellationTokenSource cancellation = new();
        Task<TempRootsFile?> protecting = _store.Services.TempRoots.TryProtectAsync(Top, cancellation.Token);
        await cancellation.CancelAsync();

        Assert.That(() => protecting.InTime(), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Directory.GetFiles(Folder), Is.Empty);
    }

    [Test]
    public async Task Nothing_is_protected_without_a_directory_for_roots()
    {
        Directory.Delete(Folder);

        Assert.That(await _store.Services.TempRoots.TryProtectAsync(Top, default), Is.Null);
        Assert.That(() => CreateAsync(), Throws.TypeOf<SystemCallException>().With.Message.Contains(Folder));
    }

    private Task<TempRootsFile> CreateAsync() => _store.Services.TempRoots.CreateFileAsync(default);

    private Socket ListenAsCollector()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(CollectorSocket)!);
        Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using UnixSocketAddress address = UnixSocketAddress.Of(CollectorSocket);
        listener.Bind(address.EndPoint);
        listener.Listen();
        return listener;
    }
}
