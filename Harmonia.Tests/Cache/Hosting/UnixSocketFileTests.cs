using System.Net.Sockets;
using Harmonia.Cache.Hosting;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Hosting;

public sealed class UnixSocketFileTests
{
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    private TemporaryDirectory _directory = null!;

    private string SocketPath => _directory["socket"];

    [SetUp]
    public void MakeDirectory() => _directory = new TemporaryDirectory();

    [TearDown]
    public void RemoveDirectory() => _directory.Dispose();

    [Test]
    public void The_file_has_the_mode_and_goes_with_the_socket()
    {
        using (UnixSocketFile.Bind(SocketPath, Mode))
            Assert.That(File.GetUnixFileMode(SocketPath), Is.EqualTo(Mode));

        Assert.That(File.Exists(SocketPath), Is.False);
    }

    [Test]
    public void The_file_of_a_killed_process_is_replaced()
    {
        LeaveStaleSocket();

        using Socket socket = UnixSocketFile.Bind(SocketPath, Mode);
        socket.Listen();
        using Socket client = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

        Assert.That(() => client.Connect(new UnixDomainSocketEndPoint(SocketPath)), Throws.Nothing);
    }

    [Test]
    public void A_socket_with_a_listener_is_left_alone()
    {
        using Socket other = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        other.Bind(new UnixDomainSocketEndPoint(SocketPath));
        other.Listen();

        Assert.That(
            () => UnixSocketFile.Bind(SocketPath, Mode),
            Throws.TypeOf<ListenException>().With.Message.Contains(SocketPath).And.Message.Contains("another process"));
        Assert.That(File.Exists(SocketPath));
    }

    [Test]
    public void A_file_that_is_not_a_socket_is_left_alone()
    {
        File.WriteAllText(SocketPath, "");

        Assert.That(
            () => UnixSocketFile.Bind(SocketPath, Mode),
            Throws.TypeOf<ListenException>().With.Message.Contains("no socket"));
        Assert.That(File.Exists(SocketPath));
    }

    [Test]
    public void A_folder_that_is_missing_is_named() =>
        Assert.That(
            () => UnixSocketFile.Bind(_directory["missing/socket"], Mode),
            Throws.TypeOf<ListenException>().With.Message.Contains("missing/socket"));

    // .NET removes the file when a socket is disposed; a second name outlives that.
    private void LeaveStaleSocket()
    {
        string first = _directory["first"];
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(first));
        File.Move(first, SocketPath);
    }
}
