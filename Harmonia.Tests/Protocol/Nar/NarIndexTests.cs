using System.Text;
using Harmonia.Protocol.Nar;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Nar;

public sealed class NarIndexTests
{
    [Test]
    public void Entries_have_kind_size_and_offset()
    {
        using ByteTree tree = ByteTree.WithKnownDirectory();
        NarIndex index = tree.Index();

        Assert.That((index.NarSize, index.LargestFile), Is.EqualTo((880, 10)));
        Assert.That(Enumerable.Range(0, index.Count).Select(i => Describe(index[i])), Is.EqualTo(new[]
        {
            "Directory  size 0 parent -1 end 5",
            "Regular A size 1 at 232 parent 0 end 2",
            "Symlink lnk -> ../f size 4 parent 0 end 3",
            "Directory sub size 0 parent 0 end 4",
            "Regular x.sh executable size 10 at 816 parent 0 end 5",
        }));
    }

    [Test]
    public void Size_is_that_of_the_dump()
    {
        using ByteTree tree = SampleTrees.Varied();

        Assert.That(tree.Index().NarSize, Is.EqualTo(tree.Dump().Length));
    }

    [Test]
    public void Offset_is_that_of_the_contents()
    {
        using ByteTree tree = SampleTrees.Varied();
        NarIndex index = tree.Index();
        byte[] nar = tree.Dump();
        int compared = 0;
        for (int i = 0; i < index.Count; i++)
        {
            NarIndexEntry entry = index[i];
            if (index[Math.Max(entry.Parent, 0)].Name.SequenceEqual("sizes"u8))
            {
                int size = int.Parse(Encoding.UTF8.GetString(entry.Name));
                Assert.That(nar.AsSpan((int)entry.NarOffset, (int)entry.Size).SequenceEqual(SampleTrees.Pattern(size)), $"size {size}");
                compared++;
            }
        }

        Assert.That(compared, Is.EqualTo(27));
    }

    [Test]
    public void Only_contents_of_one_file_are_within_it()
    {
        using ByteTree tree = ByteTree.WithKnownDirectory();
        NarIndex index = tree.Index();

        Assert.That(index.IsWithinFile(816, 10));
        Assert.That(index.IsWithinFile(820, 6));
        Assert.That(index.IsWithinFile(816, 11), Is.False, "padding follows");
        Assert.That(index.IsWithinFile(815, 5), Is.False, "the head lies before");
        Assert.That(index.IsWithinFile(0, 1), Is.False, "a directory has no contents");
    }

    [Test]
    public void Children_are_reached_by_parent_and_by_end()
    {
        using ByteTree tree = SampleTrees.Large(400);
        NarIndex index = tree.Index();
        for (int entry = 0; entry < index.Count; entry++)
        {
            List<int> byEnd = new();
            for (int child = entry + 1; child < index[entry].End; child = index[child].End)
                byEnd.Add(child);
            Assert.That(byEnd, Is.EqualTo(Enumerable.Range(0, index.Count).Where(i => index[i].Parent == entry)));
        }
    }

    [Test]
    public void File_as_root_is_one_entry_without_a_name()
    {
        using ByteTree tree = new();
        tree.AddRootFile("hello\n"u8);
        NarIndex index = tree.Index();

        Assert.That(index.NarSize, Is.EqualTo(120));
        Assert.That(Describe(index[0]), Is.EqualTo("Regular  size 6 at 96 parent -1 end 1"));
        Assert.That(index.Count, Is.EqualTo(1));
    }

    [Test]
    public void Entry_of_a_large_tree_takes_tens_of_bytes()
    {
        using ByteTree tree = SampleTrees.Large(2_000);
        NarIndex index = tree.Index();

        Assert.That(index.EstimatedBytes / index.Count, Is.InRange(28, 48));
    }

    [Test]
    public void Sparse_file_of_any_size_is_indexed_without_reading_it()
    {
        using ByteTree tree = new();
        tree.AddRootFile(""u8);
        ByteTree.Resize(tree.Path, 1L << 40);

        Assert.That(tree.Index().NarSize, Is.EqualTo((1L << 40) + 112));
    }

    [Test]
    public void Missing_root_is_a_FileNotFoundException() => Assert.That(
        () => NarIndex.Build("/nonexistent/tree"u8, CancellationToken.None), Throws.InstanceOf<FileNotFoundException>());

    [Test]
    public void Cancelled_walk_ends()
    {
        using ByteTree tree = ByteTree.WithKnownDirectory();

        Assert.That(
            () => NarIndex.Build(tree.PathBytes, new CancellationToken(canceled: true)),
            Throws.InstanceOf<OperationCanceledException>());
    }

    private static string Describe(NarIndexEntry entry)
    {
        string target = entry.Kind == NarNodeKind.Symlink ? $" -> {Encoding.UTF8.GetString(entry.Target)}" : "";
        string executable = entry.IsExecutable ? " executable" : "";
        string offset = entry.Kind == NarNodeKind.Regular ? $" at {entry.NarOffset}" : "";
        string place = $"parent {entry.Parent} end {entry.End}";
        return $"{entry.Kind} {Encoding.UTF8.GetString(entry.Name)}{target}{executable} size {entry.Size}{offset} {place}";
    }
}
