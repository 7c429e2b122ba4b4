using Harmonia.Protocol.Nar;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Nar;

public sealed class NarParserTests
{
    [Test]
    public void Events_come_in_the_order_of_the_NAR()
    {
        using ByteTree tree = ByteTree.WithKnownDirectory();
        RecordingVisitor visitor = new();
        NarParser parser = new(visitor);

        Assert.That(parser.Consume(tree.Dump()), Is.EqualTo(880));
        Assert.That(parser.IsComplete, Is.True);
        Assert.That(visitor.Events, Is.EqualTo(new[]
        {
            "directory ", "file A 1", "contents a", "symlink lnk ../f", "directory sub", "end",
            "executable x.sh 10", "contents #!/bin/sh\n", "end",
        }));
    }

    [Test]
    public void Dump_is_accepted_and_matches_the_index()
    {
        using ByteTree tree = SampleTrees.Varied();
        RecordingVisitor visitor = new();
        NarParser parser = new(visitor);
        parser.Consume(tree.Dump());
        NarIndex index = tree.Index();

        Assert.That(parser.IsComplete, Is.True);
        Assert.That(parser.Position, Is.EqualTo(index.NarSize));
        string[] starts = ["directory ", "file ", "executable ", "symlink "];
        Assert.That(visitor.Events.Count(e => starts.Any(start => e.StartsWith(start, StringComparison.Ordinal))), Is.EqualTo(index.Count));
    }

    [TestCase(1)]
    [TestCase(7)]
    [TestCase(8)]
    [TestCase(4096)]
    public void Pieces_of_any_size_give_the_same_events(int pieceLength)
    {
        using ByteTree tree = SampleTrees.Varied();
        byte[] nar = tree.Dump();
        RecordingVisitor whole = new();
        new NarParser(whole).Consume(nar);
        RecordingVisitor pieces = new();
        NarParser parser = new(pieces);
        foreach (byte[] piece in nar.Chunk(pieceLength))
            Assert.That(parser.Consume(piece), Is.EqualTo(piece.Length));

        Assert.That(parser.IsComplete, Is.True);
        Assert.That(pieces.Events, Is.EqualTo(whole.Events));
    }

    [TestCase(1)]
    [TestCase(13)]
    [TestCase(1_000_000)]
    public void What_follows_the_NAR_is_left(int pieceLength)
    {
        byte[] nar = NarBytes.Archive(NarBytes.Directory(NarBytes.Entry("a", NarBytes.File("1234567"))));
        byte[] input = [.. nar, .. NarBytes.Str(")"), .. nar];
        NarParser parser = new();
        int consumed = 0;
        foreach (byte[] piece in input.Chunk(pieceLength))
            consumed += parser.Consume(piece);

        Assert.That(consumed, Is.EqualTo(nar.Length));
        Assert.That(parser.Position, Is.EqualTo(nar.Length));
    }

    [Test]
    public void Largest_name_target_and_depth_are_accepted()
    {
        byte[] nar = NarBytes.Archive(NarBytes.Directory(
            NarBytes.Entry(new string('n', 255), NarBytes.Symlink(new string('t', 4095)))));

        Assert.That(Complete(nar), Is.EqualTo(nar.Length));
        Assert.That(Complete(NarBytes.Nested(64)), Is.EqualTo(NarBytes.Nested(64).Length));
    }

    [Test]
    public void Names_are_compared_within_their_directory_only()
    {
        byte[] nar = NarBytes.Archive(NarBytes.Directory(
            NarBytes.Entry("b", NarBytes.Directory(NarBytes.Entry("z", NarBytes.File("")))),
            NarBytes.Entry("c", NarBytes.Directory(NarBytes.Entry("a", NarBytes.File("")))),
            NarBytes.Entry([0xff], NarBytes.File(""))));

        Assert.That(Complete(nar), Is.EqualTo(nar.Length));
    }

    [Test]
    public void Every_truncation_is_noticed()
    {
        using ByteTree tree = ByteTree.WithKnownDirectory();
        byte[] nar = tree.Dump();
        for (int length = 0; length < nar.Length; length++)
        {
            NarParser parser = new();
            Assert.That(parser.Consume(nar.AsSpan(0, length)), Is.EqualTo(length));
            Assert.That(parser.IsComplete, Is.False);
            Assert.That(parser.Position, Is.EqualTo(length));
        }
    }

    [Test]
    public void Announced_size_is_not_allocated()
    {
        RecordingVisitor visitor = new();
        NarParser parser = new(visitor);
        parser.Consume(NarBytes.Concat("nix-archive-1", "(", "type", "regular", "contents", NarBytes.Number(1L << 62), new byte[100]));

        Assert.That(visitor.Events, Is.EqualTo(new[] { $"file  {1L << 62}" }));
        Assert.That(parser.IsComplete, Is.False);
    }

    [Test]
    public void Parser_that_refused_stays_refusing()
    {
        NarParser parser = new();
        Assert.That(() => parser.Consume(NarBytes.Str("no archive")), Throws.InstanceOf<NarFormatException>());

        Assert.That(() => parser.Consume(NarBytes.Str("nix-archive-1")), Throws.InvalidOperationException);
    }

    private static int Complete(byte[] nar)
    {
        NarParser parser = new();
        int consumed = parser.Consume(nar);
        Assert.That(parser.IsComplete, Is.True);
        return consumed;
    }
}
