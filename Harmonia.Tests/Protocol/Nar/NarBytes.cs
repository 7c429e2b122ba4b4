using System.Buffers.Binary;
using System.Text;

namespace Harmonia.Tests.Protocol.Nar;

/// <summary>NARs written string by string from the format's grammar, right and wrong ones; it shares no code with what it tests.</summary>
internal static class NarBytes
{
    public static byte[] Str(string text) => Str(Encoding.Latin1.GetBytes(text));

    public static byte[] Str(byte[] text) => [.. Number((ulong)text.Length), .. text, .. new byte[(8 - (text.Length % 8)) % 8]];

    public static byte[] Number(ulong number)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, number);
        return bytes;
    }

    /// <summary>Each part is a string of the NAR, or bytes as they are.</summary>
    public static byte[] Concat(params object[] parts) =>
        [.. parts.SelectMany(part => part is string text ? Str(text) : (byte[])part)];

    public static byte[] Archive(byte[] node) => Concat("nix-archive-1", node);

    public static byte[] File(byte[] contents) => Concat("(", "type", "regular", "contents", Str(contents), ")");

    public static byte[] File(string contents) => File(Encoding.Latin1.GetBytes(contents));

    public static byte[] Executable(string contents) => Concat("(", "type", "regular", "executable", "", "contents", contents, ")");

    public static byte[] Symlink(string target) => Concat("(", "type", "symlink", "target", target, ")");

    public static byte[] Directory(params byte[][] entries) =>
        Concat("(", "type", "directory", entries.SelectMany(entry => entry).ToArray(), ")");

    public static byte[] Entry(string name, byte[] node) => Concat("entry", "(", "name", name, "node", node, ")");

    public static byte[] Entry(byte[] name, byte[] node) => Concat("entry", "(", "name", Str(name), "node", node, ")");

    /// <summary>A file inside so many nodes that there are <paramref name="nodes"/> within each other.</summary>
    public static byte[] Nested(int nodes)
    {
        byte[] node = File("x");
        for (int level = 1; level < nodes; level++)
            node = Directory(Entry("d", node));
        return Archive(node);
    }
}
