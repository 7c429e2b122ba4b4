using Harmonia.Protocol.Nar;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Nar;

/// <summary>Changes of a tree between making its index and reading it.</summary>
public sealed class NarIndexChangeTests
{
    [Test]
    public void Grown_file_is_noticed() => AssertNoticed(tree => ByteTree.Resize(tree["d/f"], 10_001));

    [Test]
    public void Shrunk_file_is_noticed() => AssertNoticed(tree => ByteTree.Resize(tree["d/f"], 9_999));

    [Test]
    public void File_swapped_for_one_of_another_size_is_noticed() => AssertNoticed(tree =>
    {
        File.WriteAllText(tree["new"], "short");
        File.Move(tree["new"], tree["d/f"], overwrite: true);
    });

    [Test]
    public void File_replaced_by_a_symbolic_link_is_noticed() => AssertNoticed(tree =>
    {
        File.Move(tree["d/f"], tree["d/g"]);
        File.CreateSymbolicLink(tree["d/f"], "g");
    });

    [Test]
    public void File_replaced_by_a_fifo_is_noticed()
    {
        using ByteTree tree = Tree();
        NarIndex index = tree.Index();
        File.Delete(tree["d/f"]);
        tree.AddFifo("d/f"u8);
        using NarIndexReader reader = new(index, tree.PathBytes);

        Assert.That(
            () => reader.Read(0, new byte[20_000]),
            Throws.InstanceOf<NarTreeException>().With.Message.Contains("no longer a regular file"));
    }

    [Test]
    public void Removed_file_is_noticed() => AssertNoticed(tree => File.Delete(tree["d/f"]));

    [Test]
    public void File_replaced_by_a_directory_is_noticed() => AssertNoticed(tree =>
    {
        File.Delete(tree["d/f"]);
        Directory.CreateDirectory(tree["d/f"]);
    });

    [Test]
    public void Changed_executable_bit_leaves_the_nar_of_the_index()
    {
        using ByteTree tree = Tree();
        NarIndex index = tree.Index();
        byte[] nar = tree.Dump();
        File.SetUnixFileMode(tree["d/f"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using NarIndexReader reader = new(index, tree.PathBytes);
        byte[] read = new byte[20_000];

        Assert.That(read.AsSpan(0, reader.Read(0, read)).SequenceEqual(nar));
    }

    [Test]
    public void Directory_replaced_by_a_symbolic_link_to_itself_is_noticed() => AssertNoticed(tree =>
    {
        Directory.Move(tree["d"], tree.Beside("d"));
        Directory.CreateSymbolicLink(tree["d"], tree.Beside("d"));
    });

    [Test]
    public void Removed_root_is_noticed() => AssertNoticed(tree => Directory.Move(tree.Path, tree.Beside("moved")));

    [Test]
    public void File_that_shrinks_while_it_is_read_is_noticed()
    {
        using ByteTree tree = Tree();
        using NarIndexReader reader = new(tree.Index(), tree.PathBytes);
        int read = reader.Read(0, new byte[2_000]);
        ByteTree.Resize(tree["d/f"], 9_999);

        Assert.That(() => reader.Read(read, new byte[20_000]), Throws.InstanceOf<NarTreeException>());
    }

    [Test]
    public void File_that_grows_while_it_is_read_is_noticed()
    {
        using ByteTree tree = Tree();
        NarIndex index = tree.Index();
        using NarIndexReader reader = new(index, tree.PathBytes);
        int read = reader.Read(0, new byte[2_000]);
        ByteTree.Resize(tree["d/f"], 10_001);

        Assert.That(() => reader.Read(read, new byte[index[2].NarOffset + 10_000 - read]), Throws.InstanceOf<NarTreeException>());
    }

    [Test]
    public void Large_file_that_changed_is_not_given()
    {
        using ByteTree tree = Tree();
        NarIndex index = tree.Index();
        using NarIndexReader reader = new(index, tree.PathBytes) { LargeFileLength = 1 };
        ByteTree.Resize(tree["d/f"], 9_999);

        Assert.That(() => reader.TryGetFile(index[2].NarOffset, out _), Throws.InstanceOf<NarTreeException>());
    }

    private static ByteTree Tree()
    {
        ByteTree tree = ByteTree.WithDirectory();
        tree.AddDirectory("d"u8);
        tree.AddFile("d/f"u8, new byte[10_000]);
        return tree;
    }

    private static void AssertNoticed(Action<ByteTree> change)
    {
        using ByteTree tree = Tree();
        NarIndex index = tree.Index();
        change(tree);
        using NarIndexReader reader = new(index, tree.PathBytes);

        Assert.That(() => reader.Read(0, new byte[20_000]), Throws.InstanceOf<NarTreeException>(), "whole in one go");
        Assert.That(() => reader.Read(index[2].NarOffset + 5, new byte[10]), Throws.InstanceOf<NarTreeException>(), "a range within");
        Assert.That(reader.Read(0, new byte[90]), Is.EqualTo(90), "bytes that do not come from the file are still right");
    }
}
