using Harmonia.Protocol.Nar;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Nar;

/// <summary>The index that comes with reading a tree.</summary>
public sealed class NarTreeReaderIndexTests
{
    [Test]
    public void Index_is_that_of_a_walk([Values(7, 4096, 1_000_000)] int bufferLength)
    {
        using ByteTree tree = SampleTrees.Varied();

        AssertSame(Read(tree, bufferLength), tree.Index());
    }

    [Test]
    public void Index_of_a_root_that_is_not_a_directory_is_that_of_a_walk()
    {
        using ByteTree tree = ByteTree.WithDirectory();
        tree.AddFile("file"u8, "contents"u8);
        tree.AddSymlink("link"u8, "file"u8);
        foreach (string name in (string[])["file", "link"])
        {
            byte[] path = [.. tree.PathBytes, (byte)'/', .. System.Text.Encoding.UTF8.GetBytes(name)];
            using NarTreeReader reader = NarTreeReader.WithIndex(path);
            while (reader.Read(new byte[100]) > 0)
                continue;

            AssertSame(reader.FinishIndex(), NarIndex.Build(path, CancellationToken.None));
        }
    }

    [Test]
    public void There_is_no_index_before_the_end()
    {
        using ByteTree tree = SampleTrees.Varied();
        using NarTreeReader reader = NarTreeReader.WithIndex(tree.PathBytes);
        reader.Read(new byte[1000]);

        Assert.That(reader.FinishIndex, Throws.InvalidOperationException);
    }

    [Test]
    public void There_is_no_index_unless_it_was_requested()
    {
        using ByteTree tree = ByteTree.WithKnownDirectory();
        using NarTreeReader reader = new(tree.PathBytes);
        while (reader.Read(new byte[1000]) > 0)
            continue;

        Assert.That(reader.FinishIndex, Throws.InvalidOperationException);
    }

    private static NarIndex Read(ByteTree tree, int bufferLength)
    {
        using NarTreeReader reader = NarTreeReader.WithIndex(tree.PathBytes);
        byte[] buffer = new byte[bufferLength];
        while (reader.Read(buffer) > 0)
            continue;
        return reader.FinishIndex();
    }

    private static void AssertSame(NarIndex actual, NarIndex expected)
    {
        Assert.That((actual.NarSize, actual.Count), Is.EqualTo((expected.NarSize, expected.Count)));
        for (int i = 0; i < expected.Count; i++)
            Assert.That(Describe(actual[i]), Is.EqualTo(Describe(expected[i])));
    }

    private static string Describe(NarIndexEntry entry) =>
        $"{entry.Kind} {entry.IsExecutable} {Convert.ToHexString(entry.Name)} {Convert.ToHexString(entry.Target)} "
        + $"{entry.Size} {entry.NarOffset} {entry.Parent} {entry.End}";
}
