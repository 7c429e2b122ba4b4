using Harmonia.Protocol.Nar;
using NUnit.Framework;
using static Harmonia.Tests.Protocol.Nar.NarBytes;

namespace Harmonia.Tests.Protocol.Nar;

/// <summary>
/// One NAR for each possible error. The parser refuses it in pieces of any size, and reports what was expected, what came, and where.
/// </summary>
public sealed class NarParserMalformedTests
{
    private static readonly byte[] Empty = File("");

    private static IEnumerable<TestCaseData> Cases()
    {
        yield return Case("empty name", InDirectory(Entry("", Empty)), "a name other than '.' and '..'", 128);
        yield return Case("name .", InDirectory(Entry(".", Empty)), "got '.'", 128);
        yield return Case("name ..", InDirectory(Entry("..", Empty)), "got '..'", 128);
        yield return Case("name with a slash", InDirectory(Entry("a/b", Empty)), "got 'a/b'", 128);
        yield return Case("name with a NUL", InDirectory(Entry("a\0b", Empty)), @"got 'a\x00b'", 128);
        yield return Case("name of 256 bytes", InDirectory(Entry(new string('n', 256), Empty)), "at most 255 bytes, got one of 256", 128);
        yield return Case("unsorted names", InDirectory(Entry("b", Empty), Entry("a", Empty)), "a name after 'b', got 'a'", 312);
        yield return Case("same name twice", InDirectory(Entry("a", Empty), Entry("a", Empty)), "a name after 'a', got 'a'", 312);
        yield return Case(
            "names in the order of UTF-16",
            InDirectory(Entry("\xf0\x90\x80\x80", Empty), Entry("\xee\x80\x80", Empty)), "a name after '\U00010000'", 312);
        yield return Case(
            "names in the order of signed bytes", InDirectory(Entry("\xff", Empty), Entry("a", Empty)), @"after '\xff', got 'a'", 312);

        yield return Case("empty target", Archive(Symlink("")), "a target", 88);
        yield return Case("target with a NUL", Archive(Symlink("a\0")), "a target", 88);
        yield return Case("target of 4096 bytes", Archive(Symlink(new string('t', 4096))), "at most 4095 bytes, got one of 4096", 88);

        yield return Case(
            "executable after contents", Archive(Concat("(", "type", "regular", "contents", "x", "executable", "", ")")),
            "')', got 'executable'", 104);
        yield return Case(
            "executable twice", Archive(Concat("(", "type", "regular", "executable", "", "executable", "")),
            "'contents', got 'executable'", 104);
        yield return Case(
            "executable with a value", Archive(Concat("(", "type", "regular", "executable", "x")), "at most 0 bytes, got one of 1", 96);
        yield return Case("no contents", Archive(Concat("(", "type", "regular", ")")), "'executable' or 'contents', got ')'", 72);
        yield return Case(
            "contents of a directory", Archive(Concat("(", "type", "directory", "contents")), "'entry' or ')', got 'contents'", 80);
        yield return Case("no type", Archive(Concat("(", ")")), "'type', got ')'", 40);
        yield return Case("unknown type", Archive(Concat("(", "type", "fifo")), "'regular', 'symlink' or 'directory', got 'fifo'", 56);
        yield return Case("type twice", Archive(Concat("(", "type", "regular", "type")), "got 'type'", 72);
        yield return Case("no parenthesis", Archive(Concat("type", "regular")), "'(', got 'type'", 24);
        yield return Case(
            "node before name", InDirectory(Concat("entry", "(", "node", Empty, "name", "a", ")")), "'name', got 'node'", 112);
        yield return Case("no node", InDirectory(Concat("entry", "(", "name", "a", ")")), "'node', got ')'", 144);
        yield return Case(
            "entry not closed", InDirectory(Concat("entry", "(", "name", "a", "node", Empty, "entry")), "')', got 'entry'", 248);
        yield return Case("no archive", Str("nix-archive-2"), "'nix-archive-1', got 'nix-archive-2'", 0);
        yield return Case("other case", Archive(Concat("(", "TYPE")), "'type', got 'TYPE'", 40);

        yield return Case("tag of 33 bytes", Archive(Str(new string('x', 33))), "at most 32 bytes, got one of 33", 24);
        yield return Case("tag of 2^64-1 bytes", Archive(Number(ulong.MaxValue)), "got one of 18446744073709551615", 24);
        yield return Case(
            "size of 2^63", Archive(Concat("(", "type", "regular", "contents", Number(1UL << 63))), "got 9223372036854775808", 88);
        yield return Case("padding of a tag", Archive(Padded("(", 7)), "padding of zeros", 33);
        yield return Case("padding of a name", InDirectory(Concat("entry", "(", "name", Padded("abc", 1))), "padding of zeros", 139);
        yield return Case(
            "padding of contents", Archive(Concat("(", "type", "regular", "contents", Padded("abc", 3), ")")), "padding of zeros", 99);
        yield return Case("65 nodes within each other", Nested(65), "at most 64 nodes within each other", null);
    }

    [TestCaseSource(nameof(Cases))]
    public void Malformed_NAR_is_refused_in_one_piece_and_byte_by_byte(byte[] nar, string expected, long? offset)
    {
        NarFormatException whole = Assert.Throws<NarFormatException>(() => new NarParser().Consume(nar))!;
        NarParser parser = new();
        NarFormatException bytewise = Assert.Throws<NarFormatException>(() =>
        {
            foreach (byte value in nar)
                parser.Consume([value]);
        })!;

        Assert.That(whole.Message, Does.StartWith("Expected ").And.Contains(expected));
        Assert.That(whole.Offset, Is.EqualTo(offset ?? whole.Offset));
        Assert.That(bytewise.Message, Does.StartWith("Expected ").And.Contains(expected));
    }

    private static TestCaseData Case(string name, byte[] nar, string expected, long? offset) =>
        new TestCaseData(nar, expected, offset).SetArgDisplayNames(name);

    private static byte[] InDirectory(params byte[][] entries) => Archive(Directory(entries));

    /// <summary>A string whose padding is not zero at one place.</summary>
    private static byte[] Padded(string text, int place)
    {
        byte[] bytes = Str(text);
        bytes[8 + text.Length + place - 1] = 1;
        return bytes;
    }
}
