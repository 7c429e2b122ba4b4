using System.Net.Sockets;
using Harmonia.Daemon.Interop;
using Harmonia.Protocol.Interop;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Daemon.Interop;

public sealed class UnixSocketListenerTests
{
    private const UnixFileMode ForAll = (UnixFileMode)0b110_110_110;

    private TemporaryDirectory _directory = null!;

    private string SocketPath => _directory["run/socket"];

    [SetUp]
    public void Begin() => _directory = new TemporaryDirectory();

    [TearDown]
    public void End() => _directory.Dispose();

    [Test]
    public void The_folders_are_made_and_the_socket_is_removed_at_the_end()
    {
        using (UnixSocketListener.Open(_directory["a/b/c/socket"], ForAll))
            Assert.That(Accepts(_directory["a/b/c/socket"]), Is.True);

        Assert.That(Directory.GetFileSystemEntries(_directory["a/b/c"]), Is.Empty);
    }

    [TestCase("0666")]
    [TestCase("0660")]
    [TestCase("0600")]
    public void The_socket_has_the_permissions_asked_for(string mode)
    {
        using UnixSocketListener listener = UnixSocketListener.Open(SocketPath, (UnixFileMode)Convert.ToInt32(mode, 8));

        Assert.That(File.GetUnixFileMode(SocketPath), Is.EqualTo((UnixFileMode)Convert.ToInt32(mode, 8)));
    }

    [Test]
    public void A_stale_socket_is_replaced()
    {
        MakeStale();
        Assert.That(Accepts(SocketPath), Is.False);
        using UnixSocketListener listener = UnixSocketListener.Open(SocketPath, ForAll);

        Assert.That(Accepts(SocketPath), Is.True);
    }

    [Test]
    public void A_live_socket_is_refused_and_says_whose_it_is()
    {
        using UnixSocketListener first = UnixSocketListener.Open(SocketPath, ForAll);

        Assert.That(
            () => UnixSocketListener.Open(SocketPath, ForAll),
            Throws.TypeOf<SocketInUseException>().With.Message.Contains($"Process {Environment.ProcessId} ").And.Message.Contains(SocketPath));
        Assert.That(Accepts(SocketPath), Is.True, "The first one goes on.");
    }

    [Test]
    public void A_live_socket_whose_owner_is_busy_is_refused_too()
    {
        Directory.CreateDirectory(_directory["run"]);
        using Socket busy = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        busy.Bind(new UnixDomainSocketEndPoint(SocketPath));
        busy.Listen(0);
        using Socket waiting = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        waiting.Connect(new UnixDomainSocketEndPoint(SocketPath));

        Assert.That(() => UnixSocketListener.Open(SocketPath, ForAll), Throws.TypeOf<SocketInUseException>());
    }

    [Test]
    public void What_is_not_a_socket_is_left_alone()
    {
        Directory.CreateDirectory(_directory["run"]);
        File.WriteAllText(SocketPath, "precious");

        Assert.That(
            () => UnixSocketListener.Open(SocketPath, ForAll), Throws.TypeOf<SocketInUseException>().With.Message.Contains("not a socket"));
        Assert.That(File.ReadAllText(SocketPath), Is.EqualTo("precious"));
    }

    [Test]
    public void A_socket_that_another_has_put_there_since_is_left_alone()
    {
        UnixSocketListener first = UnixSocketListener.Open(SocketPath, ForAll);
        File.Delete(SocketPath);
        using UnixSocketListener second = UnixSocketListener.Open(SocketPath, ForAll);
        first.Dispose();

        Assert.That(Accepts(SocketPath), Is.True);
    }

    [TestCase(107)]
    [TestCase(108)]
    [TestCase(300)]
    public void A_path_may_be_longer_than_a_socket_address(int length)
    {
        string folder = _directory.Path;
        while (folder.Length < length - 60)
            folder += "/" + new string('d', Math.Min(50, length - 60 - folder.Length));
        string path = folder + "/" + new string('s', length - folder.Length - 1);
        Assert.That(path, Has.Length.EqualTo(length));
        using (UnixSocketListener.Open(path, ForAll))
            Assert.That(Accepts(path), Is.True);

        Assert.That(File.Exists(path), Is.False);
    }

    [Test]
    public void A_file_name_that_fits_no_socket_address_is_refused() =>
        Assert.That(() => UnixSocketListener.Open(_directory[new string('s', 120)], ForAll), Throws.TypeOf<PathTooLongException>());

    private static bool Accepts(string path)
    {
        using UnixSocketAddress address = UnixSocketAddress.Of(path);
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(address.EndPoint);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Leaves a socket behind, as a killed daemon does.</summary>
    private void MakeStale()
    {
        Directory.CreateDirectory(_directory["run"]);
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(_directory["run/killed"]));
        socket.Listen();
        File.Move(_directory["run/killed"], SocketPath);
    }
}
