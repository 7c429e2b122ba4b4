using System.Text;
using Harmonia.Protocol.Nar;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Nar;

public sealed class NarIndexReaderTests
{
    [TestCase(1)]
    [TestCase(7)]
    [TestCase(8)]
    [TestCase(4096)]
    [TestCase(1024 * 1024)]
    public void Reading_in_order_gives_the_dump(int bufferLength)
    {
        using ByteTree tree = SampleTrees.Varied();

        NarComparison.AssertSame(ReadAll(tree, bufferLength), tree.Dump());
    }

    [Test]
    public void Random_ranges_are_slices_of_the_dump()
    {
        using ByteTree tree = SampleTrees.Varied();
        byte[] nar = tree.Dump();
        using NarIndexReader reader = new(tree.Index(), tree.PathBytes);
        Random random = new(20_240_229);
        byte[] buffer = new byte[nar.Length];
        for (int round = 0; round < 10_000; round++)
        {
            int offset = random.Next(nar.Length);
            int wanted = random.Next(3) switch { 0 => random.Next(1, 32), 1 => random.Next(1, 5000), _ => random.Next(1, nar.Length) };
            int length = Math.Min(wanted, nar.Length - offset);
            Assert.That(reader.Read(offset, buffer.AsSpan(0, wanted)), Is.EqualTo(length));
            if (!buffer.AsSpan(0, length).SequenceEqual(nar.AsSpan(offset, length)))
                Assert.Fail($"Bytes {offset} to {offset + length} differ from the dump.");
        }
    }

    [Test]
    public void After_the_end_there_is_nothing()
    {
        using ByteTree tree = ByteTree.WithKnownDirectory();
        using NarIndexReader reader = new(tree.Index(), tree.PathBytes);

        Assert.That(reader.Read(880, new byte[10]), Is.Zero);
        Assert.That(reader.Read(long.MaxValue, new byte[10]), Is.Zero);
        Assert.That(reader.Read(870, new byte[100]), Is.EqualTo(10));
        Assert.That(() => reader.Read(-1, new byte[10]), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Thousands_of_levels_need_neither_stack_nor_open_files()
    {
        using ByteTree tree = ByteTree.WithDirectory();
        tree.AddChain("a-directory"u8, 5_000);
        tree.AddFile("a-file"u8, "1"u8);
        tree.AddFile("z-file"u8, "2"u8);
        tree.AddFile("a-directory/b"u8, "3"u8);
        byte[] nar = [];
        byte[] indexed = [];
        Thread thread = new(
            () =>
            {
                nar = tree.Dump();
                indexed = ReadAll(tree, 5_000);
            },
            maxStackSize: 128 * 1024);
        thread.Start();
        thread.Join();

        Assert.That(nar, Has.Length.GreaterThan(5_000 * 150));
        NarComparison.AssertSame(indexed, nar);
    }

    [Test]
    public void Files_far_apart_in_a_deep_tree_are_found()
    {
        using ByteTree tree = ByteTree.WithDirectory();
        tree.AddChain("d"u8, 60);
        foreach (int level in new[] { 0, 1, 7, 8, 9, 30, 59, 60 })
        {
            string path = string.Concat(Enumerable.Repeat("d/", level));
            tree.AddFile(Encoding.UTF8.GetBytes(path + "before"), SampleTrees.Pattern(level));
            tree.AddFile(Encoding.UTF8.GetBytes(path + "f"), SampleTrees.Pattern(level + 100));
        }

        NarComparison.AssertSame(ReadAll(tree, 64), tree.Dump());
    }

    [Test]
    public void Large_files_can_be_sent_from_their_descriptors()
    {
        using ByteTree tree = SampleTrees.Varied();
        byte[] nar = tree.Dump();
        using NarIndexReader reader = new(tree.Index(), tree.PathBytes) { LargeFileLength = 4096 };
        byte[] result = new byte[nar.Length];
        int offset = 0;
        List<long> sent = new();
        while (offset < result.Length)
        {
            if (reader.TryGetFile(offset, out NarFileSegment segment))
            {
                sent.Add(segment.Length);
                offset += RandomAccess.Read(segment.File, result.AsSpan(offset, (int)segment.Length), segment.Offset);
            }
            else
            {
                int length = reader.Read(offset, result.AsSpan(offset));
                Assert.That(length, Is.Positive);
                offset += length;
            }
        }

        NarComparison.AssertSame(result, nar);
        Assert.That(sent, Is.EquivalentTo(new[] { 4096, 4097, 65_535, 65_536, 65_537, 262_143, 262_144, 262_145 }));
    }

    [Test]
    public void Rest_of_a_large_file_is_sent_from_where_a_range_begins()
    {
        using ByteTree tree = new();
        tree.AddRootFile(SampleTrees.Pattern(10_000));
        using NarIndexReader reader = new(tree.Index(), tree.PathBytes) { LargeFileLength = 4096 };

        Assert.That(reader.TryGetFile(96 + 5_000, out NarFileSegment segment), Is.True);
        Assert.That((segment.Offset, segment.Length), Is.EqualTo((5_000L, 5_000L)));
        Assert.That(reader.TryGetFile(96 + 6_000, out _), Is.False, "fewer bytes are left than a large file has");
        Assert.That(reader.TryGetFile(95, out _), Is.False, "the head is not in the file");
        Assert.That(reader.Read(0, new byte[200]), Is.EqualTo(96), "stops before the contents");
        Assert.That(reader.Read(96, new byte[200]), Is.EqualTo(200), "or reads them when asked to");
    }

    [Test]
    public void Disposed_reader_reads_no_more()
    {
        using ByteTree tree = ByteTree.WithKnownDirectory();
        NarIndexReader reader = new(tree.Index(), tree.PathBytes);
        reader.Read(0, new byte[300]);
        reader.Dispose();

        Assert.That(() => reader.Read(0, new byte[1]), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => reader.TryGetFile(0, out _), Throws.InstanceOf<ObjectDisposedException>());
    }

    private static byte[] ReadAll(ByteTree tree, int bufferLength)
    {
        using NarIndexReader reader = new(tree.Index(), tree.PathBytes);
        long offset = 0;
        return ByteTree.Drain(
            buffer =>
            {
                int length = reader.Read(offset, buffer);
                offset += length;
                return length;
            },
            bufferLength);
    }
}
