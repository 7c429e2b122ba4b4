using System.Net.Sockets;
using System.Text;
using Harmonia.Protocol.Nar;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Nar;

/// <summary>
/// Trees that a NAR cannot contain, and trees that change while they are read. The result is an exception, never wrong bytes.
/// </summary>
public sealed class NarTreeChangeTests
{
    [Test]
    public void Kinds_a_NAR_does_not_have_are_refused_with_their_path()
    {
        using ByteTree tree = ByteTree.WithDirectory();
        tree.AddDirectory("d"u8);
        tree.AddFifo([.. "d/"u8, 0xff]);

        NarTreeException exception = Assert.Throws<NarTreeException>(() => tree.Dump())!;

        Assert.That(exception.Path.ToArray(), Is.EqualTo((byte[])[.. tree.PathBytes, .. "/d/"u8, 0xff]));
        Assert.That(exception.Message, Does.StartWith(tree.Path + @"/d/\xff: is a Fifo"));
        Assert.That(() => tree.Index(), Throws.InstanceOf<NarTreeException>());
    }

    [Test]
    public void Socket_is_refused()
    {
        using ByteTree tree = ByteTree.WithDirectory();
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(tree["s"]));

        Assert.That(() => tree.Dump(), Throws.InstanceOf<NarTreeException>());
    }

    [Test]
    public void Device_as_root_is_refused() =>
        Assert.That(() => new NarTreeReader("/dev/null"u8), Throws.InstanceOf<NarTreeException>());

    [Test]
    public void File_that_shrinks_while_it_is_read_is_noticed() =>
        AssertNoticed(tree => ByteTree.Resize(tree["b"], 5_000), skip: 4_000);

    [Test]
    public void File_that_grows_while_it_is_read_is_noticed() =>
        AssertNoticed(tree => ByteTree.Resize(tree["b"], 10_001), skip: 4_000);

    [Test]
    public void File_that_grows_while_it_is_read_is_noticed_with_an_exactly_fitting_destination()
    {
        using ByteTree tree = new();
        tree.AddRootFile(new byte[10_000]);
        using NarTreeReader reader = new(tree.PathBytes);
        reader.Read(new byte[96]);
        ByteTree.Resize(tree.Path, 10_001);

        Assert.That(() => reader.Read(new byte[10_000]), Throws.InstanceOf<NarTreeException>());
    }

    [Test]
    public void File_replaced_by_a_symbolic_link_is_noticed() => AssertNoticed(tree =>
    {
        File.Delete(tree["b"]);
        File.CreateSymbolicLink(tree["b"], "/etc/passwd");
    });

    [Test]
    public void File_replaced_by_a_fifo_is_noticed_without_waiting_for_a_writer() => AssertNoticed(tree =>
    {
        File.Delete(tree["b"]);
        tree.AddFifo("b"u8);
    });

    [Test]
    public void File_replaced_by_a_directory_is_noticed() => AssertNoticed(tree =>
    {
        File.Delete(tree["b"]);
        Directory.CreateDirectory(tree["b"]);
    });

    [Test]
    public void Removed_file_is_noticed() => AssertNoticed(tree => File.Delete(tree["b"]));

    [Test]
    public void Directory_replaced_by_a_symbolic_link_is_noticed() => AssertNoticed(tree =>
    {
        Directory.Delete(tree["c"]);
        Directory.CreateSymbolicLink(tree["c"], "/etc");
    });

    [Test]
    public void Symbolic_link_replaced_by_a_file_is_noticed() => AssertNoticed(tree =>
    {
        File.Delete(tree["d"]);
        File.WriteAllText(tree["d"], "");
    });

    [Test]
    public void Directory_moved_while_the_walk_is_far_below_is_noticed()
    {
        using ByteTree tree = ByteTree.WithDirectory();
        tree.AddChain("d"u8, 40);
        string fifth = tree[string.Join('/', Enumerable.Repeat("d", 5))];
        File.WriteAllText(fifth + "/e", "");
        using NarTreeReader reader = new(tree.PathBytes);
        reader.Read(new byte[40 * 100]);
        Directory.CreateDirectory(tree.Beside("elsewhere"));
        Directory.Move(fifth + "/d", tree.Beside("elsewhere/d"));

        Assert.That(
            () => ByteTree.Drain(buffer => reader.Read(buffer), 100),
            Throws.InstanceOf<NarTreeException>().With.Message.Contains("was moved"));
    }

    [Test]
    public void Path_in_a_message_is_not_longer_than_a_page()
    {
        using ByteTree tree = ByteTree.WithDirectory();
        string name = new('n', 200);
        tree.AddChain(Encoding.UTF8.GetBytes(name), 15);
        tree.AddFifo(Encoding.UTF8.GetBytes(string.Join('/', Enumerable.Repeat(name, 15)) + "/f"));

        NarTreeException exception = Assert.Throws<NarTreeException>(() => tree.Dump())!;

        Assert.That(exception.Path.Length, Is.GreaterThan(15 * 200));
        Assert.That(exception.Message, Has.Length.LessThan(1500).And.Contains("n/f: is a Fifo"));
    }

    /// <summary>The walk has listed the root and given the head of <c>a</c> when the change comes, plus what is skipped.</summary>
    private static void AssertNoticed(Action<ByteTree> change, int skip = 0)
    {
        using ByteTree tree = ByteTree.WithDirectory();
        tree.AddFile("a"u8, ""u8);
        tree.AddFile("b"u8, new byte[10_000]);
        tree.AddDirectory("c"u8);
        tree.AddSymlink("d"u8, "target"u8);
        using NarTreeReader reader = new(tree.PathBytes);
        reader.Read(new byte[100 + skip]);
        change(tree);

        Assert.That(() => ByteTree.Drain(buffer => reader.Read(buffer), 1000), Throws.InstanceOf<NarTreeException>());
        Assert.That(() => reader.Read(new byte[1000]), Throws.InstanceOf<ObjectDisposedException>());
    }
}
