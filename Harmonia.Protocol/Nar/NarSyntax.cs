using System.Buffers.Binary;
using System.Text;
using Harmonia.Protocol.Primitives;

namespace Harmonia.Protocol.Nar;

/// <summary>
/// Writes the fixed parts of a NAR. Nix: src/libutil/archive.cc, SourceAccessor::dumpPath.
/// <code>
/// str(x) = u64 little endian length · x · zero bytes up to a multiple of 8
/// nar    = str("nix-archive-1") node
/// node   = str("(") str("type") body str(")")
/// body   = str("regular") [ str("executable") str("") ] str("contents") str(bytes)
///        | str("symlink") str("target") str(target)
///        | str("directory") { str("entry") str("(") str("name") str(name) str("node") node str(")") }
/// </code>
/// Each node is a head (everything up to its contents or target), the contents or target, and padding. Only closing parentheses come
/// between that and the head of the next node.
/// </summary>
internal static class NarSyntax
{
    /// <summary>The maximum length of a head. An executable file with a name of 255 bytes has a head of 432 bytes.</summary>
    public const int MaxHeadLength = 432;

    /// <summary>The bytes of one <c>str(")")</c>.</summary>
    private const int CloseLength = 16;

    private const int LengthSize = sizeof(ulong);

    private static readonly byte[] Root = Strings("nix-archive-1");
    private static readonly byte[] EntryStart = Strings("entry", "(", "name");
    private static readonly byte[] EntryNode = Strings("node");
    private static readonly byte[] Regular = Strings("(", "type", "regular", "contents");
    private static readonly byte[] Executable = Strings("(", "type", "regular", "executable", "", "contents");
    private static readonly byte[] Symlink = Strings("(", "type", "symlink", "target");
    private static readonly byte[] Directory = Strings("(", "type", "directory");

    /// <summary><c>str(")")</c>.</summary>
    private static ReadOnlySpan<byte> Close => "\x01\0\0\0\0\0\0\0)\0\0\0\0\0\0\0"u8;

    /// <summary>
    /// The number of bytes between the content of a node at <paramref name="depth"/> and the head of the next node at
    /// <paramref name="nextDepth"/>. The root closes itself; every other node closes itself and its entry.
    /// </summary>
    public static long ClosesBetween(int depth, int nextDepth) => 2L * CloseLength * (depth - nextDepth + 1);

    /// <summary>The number of bytes after the content of the last node.</summary>
    public static long ClosesAtEnd(int depth) => CloseLength * ((2L * depth) + 1);

    /// <summary>The number of bytes from the start of the head to the contents or target. The root has an empty name.</summary>
    public static int HeadLength(int nameLength, NarNodeKind kind, bool isExecutable)
    {
        int start = nameLength == 0
            ? Root.Length
            : EntryStart.Length + LengthSize + nameLength + Padding.Of(nameLength) + EntryNode.Length;
        return start + Opening(kind, isExecutable).Length + (kind == NarNodeKind.Directory ? 0 : LengthSize);
    }

    /// <summary>Writes a head, at most <see cref="MaxHeadLength"/> bytes, and returns its length.</summary>
    public static int WriteHead(Span<byte> destination, ReadOnlySpan<byte> name, NarNodeKind kind, bool isExecutable, long contentLength)
    {
        int length;
        if (name.IsEmpty)
        {
            length = Append(destination, 0, Root);
        }
        else
        {
            length = Append(destination, 0, EntryStart);
            length = AppendString(destination, length, name);
            length = Append(destination, length, EntryNode);
        }

        length = Append(destination, length, Opening(kind, isExecutable));
        if (kind == NarNodeKind.Directory)
            return length;
        BinaryPrimitives.WriteInt64LittleEndian(destination[length..], contentLength);
        return length + LengthSize;
    }

    /// <summary>Writes closing parentheses, of which <paramref name="left"/> bytes remain; returns the number of bytes written.</summary>
    public static int WriteCloses(Span<byte> destination, long left)
    {
        int count = (int)Math.Min(left, destination.Length);
        int written = 0;
        while (written < count)
        {
            ReadOnlySpan<byte> rest = Close[^(int)(((left - written - 1) % CloseLength) + 1)..];
            rest = rest[..Math.Min(rest.Length, count - written)];
            rest.CopyTo(destination[written..]);
            written += rest.Length;
        }

        return written;
    }

    private static byte[] Opening(NarNodeKind kind, bool isExecutable) => kind switch
    {
        NarNodeKind.Regular => isExecutable ? Executable : Regular,
        NarNodeKind.Symlink => Symlink,
        _ => Directory,
    };

    private static int Append(Span<byte> destination, int position, byte[] part)
    {
        part.CopyTo(destination[position..]);
        return position + part.Length;
    }

    private static int AppendString(Span<byte> destination, int position, ReadOnlySpan<byte> text)
    {
        BinaryPrimitives.WriteInt64LittleEndian(destination[position..], text.Length);
        position += LengthSize;
        text.CopyTo(destination[position..]);
        position += text.Length;
        int padding = Padding.Of(text.Length);
        destination.Slice(position, padding).Clear();
        return position + padding;
    }

    private static byte[] Strings(params ReadOnlySpan<string> texts)
    {
        Span<byte> result = stackalloc byte[128];
        int length = 0;
        foreach (string text in texts)
            length = AppendString(result, length, Encoding.ASCII.GetBytes(text));
        return result[..length].ToArray();
    }
}
