using System.Security.Cryptography;
using System.Text;
using Harmonia.Protocol.Nar;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Nar;

public sealed class NarTreeReaderTests
{
    [Test]
    public void File_becomes_the_known_bytes()
    {
        using ByteTree tree = new();
        tree.AddRootFile("hello\n"u8);

        Assert.That(Convert.ToHexStringLower(tree.Dump()), Is.EqualTo(
            "0d000000000000006e69782d617263686976652d310000000100000000000000280000000000000004000000000000007479706500000000"
            + "0700000000000000726567756c6172000800000000000000636f6e74656e7473060000000000000068656c6c6f0a0000"
            + "01000000000000002900000000000000"));
    }

    [Test]
    public void Directory_becomes_the_known_hash()
    {
        using ByteTree tree = ByteTree.WithKnownDirectory();
        byte[] nar = tree.Dump();

        Assert.That(nar, Has.Length.EqualTo(880));
        Assert.That(
            Convert.ToHexStringLower(SHA256.HashData(nar)),
            Is.EqualTo("3f098ef4484ae4c85bf99060c95b61a4e0ecac4c9a6670cee79ffb252ce4c6be"));
    }

    [TestCase(1)]
    [TestCase(7)]
    [TestCase(8)]
    [TestCase(4096)]
    [TestCase(1024 * 1024)]
    public void Size_of_the_destination_makes_no_difference(int bufferLength)
    {
        using ByteTree tree = SampleTrees.Varied();

        NarComparison.AssertSame(tree.Dump(bufferLength), tree.Dump(300 * 1024));
    }

    [Test]
    public void Names_are_sorted_as_bytes_and_need_not_be_text()
    {
        using ByteTree tree = ByteTree.WithDirectory();

        // As UTF-16 the first of these would come after the second.
        byte[] privateUse = Encoding.UTF8.GetBytes("\uE000");
        byte[] astral = Encoding.UTF8.GetBytes("\U00010000");
        byte[] noText = [0xff, 0xfe];
        tree.AddFile(noText, "3"u8);
        tree.AddFile(astral, "2"u8);
        tree.AddFile(privateUse, "1"u8);
        tree.AddFile("a"u8, "0"u8);

        Assert.That(tree.Dump(), Is.EqualTo(NarBytes.Archive(NarBytes.Directory(
            NarBytes.Entry("a", NarBytes.File("0")),
            NarBytes.Entry(privateUse, NarBytes.File("1")),
            NarBytes.Entry(astral, NarBytes.File("2")),
            NarBytes.Entry(noText, NarBytes.File("3"))))));
    }

    [Test]
    public void Only_the_owner_s_x_makes_a_file_executable()
    {
        using ByteTree tree = ByteTree.WithDirectory();
        tree.AddFile("group"u8, ""u8, 0b110_011_001);
        tree.AddFile("owner"u8, ""u8, 0b101_000_000);

        Assert.That(tree.Dump(), Is.EqualTo(NarBytes.Archive(NarBytes.Directory(
            NarBytes.Entry("group", NarBytes.File("")), NarBytes.Entry("owner", NarBytes.Executable(""))))));
    }

    [TestCase("")]
    [TestCase("/")]
    public void Root_that_is_a_symbolic_link_is_not_followed(string slash)
    {
        using ByteTree tree = ByteTree.WithDirectory();
        tree.AddDirectory("target"u8);
        tree.AddSymlink("link"u8, "target"u8);
        using NarTreeReader reader = new(Encoding.UTF8.GetBytes(tree["link"] + slash));

        Assert.That(ByteTree.Drain(buffer => reader.Read(buffer), 1024), Is.EqualTo(NarBytes.Archive(NarBytes.Symlink("target"))));
    }

    [Test]
    public void Longest_target_is_read_whole()
    {
        using ByteTree tree = ByteTree.WithDirectory();
        string target = new('t', NarLimits.TargetLength);
        tree.AddSymlink("l"u8, Encoding.UTF8.GetBytes(target));

        Assert.That(tree.Dump(100), Is.EqualTo(NarBytes.Archive(NarBytes.Directory(NarBytes.Entry("l", NarBytes.Symlink(target))))));
    }

    [Test]
    public void Depth_costs_no_open_files()
    {
        using ByteTree tree = ByteTree.WithDirectory();
        tree.AddChain("d"u8, 200);
        using NarTreeReader reader = new(tree.PathBytes);
        byte[] buffer = new byte[64];
        int most = 0;
        while (reader.Read(buffer) > 0)
            most = Math.Max(most, OpenFilesBelow(tree.Path));

        Assert.That(most, Is.InRange(2, TreeWalker.MaxOpenDirectories + 1));
        Assert.That(OpenFilesBelow(tree.Path), Is.Zero);
    }

    [Test]
    public void Disposing_in_the_middle_closes_everything()
    {
        using ByteTree tree = ByteTree.WithDirectory();
        tree.AddFile("a"u8, new byte[5000]);
        NarTreeReader reader = new(tree.PathBytes);
        reader.Read(new byte[3000]);
        Assert.That(OpenFilesBelow(tree.Path), Is.EqualTo(2));

        reader.Dispose();

        Assert.That(OpenFilesBelow(tree.Path), Is.Zero);
        Assert.That(() => reader.Read(new byte[1]), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void Nothing_at_the_path_is_a_FileNotFoundException() =>
        Assert.That(() => new NarTreeReader("/nonexistent/tree"u8), Throws.InstanceOf<FileNotFoundException>());

    [Test]
    public void Path_with_a_NUL_is_refused() =>
        Assert.That(() => new NarTreeReader("/a\0b"u8), Throws.ArgumentException);

    [Test]
    public void Empty_destination_is_refused()
    {
        using ByteTree tree = ByteTree.WithDirectory();
        using NarTreeReader reader = new(tree.PathBytes);

        Assert.That(() => reader.Read([]), Throws.ArgumentException);
    }

    private static int OpenFilesBelow(string path) => Directory.EnumerateFileSystemEntries("/proc/self/fd")
        .Count(descriptor => new FileInfo(descriptor).LinkTarget?.StartsWith(path, StringComparison.Ordinal) == true);
}
