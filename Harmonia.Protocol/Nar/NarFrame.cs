using Harmonia.Protocol.Primitives;

namespace Harmonia.Protocol.Nar;

/// <summary>
/// Writes what lies in an indexed NAR around the contents of files: heads, targets of symbolic links, padding and parentheses. Each method
/// writes what there is from a position of the NAR on, as far as the destination goes, and returns how many bytes.
/// </summary>
internal static class NarFrame
{
    /// <summary>The rest of the head of an entry; nothing behind it.</summary>
    public static int CopyHead(NarIndex index, in NarIndexNode node, long position, Span<byte> destination)
    {
        if (position >= node.ContentStart)
            return 0;
        Span<byte> whole = stackalloc byte[NarSyntax.MaxHeadLength];
        int length = NarSyntax.WriteHead(whole, index.Name(node), node.Kind, node.IsExecutable, node.ContentLength);
        return Copy(whole[(int)(position - node.Start)..length], destination);
    }

    /// <summary>The rest of the target of a symbolic link.</summary>
    public static int CopyTarget(NarIndex index, in NarIndexNode node, long position, Span<byte> destination) =>
        Copy(index.Target(node)[(int)(position - node.ContentStart)..], destination);

    /// <summary>Padding and closing parentheses, once the contents are complete.</summary>
    public static int CopyRest(NarIndex index, int entry, long position, Span<byte> destination)
    {
        ref readonly NarIndexNode node = ref index.Node(entry);
        if (position < node.ContentEnd)
            return 0;
        long paddingLeft = Math.Max(0, node.ContentEnd + Padding.Of(node.ContentLength) - position);
        int count = (int)Math.Min(paddingLeft, destination.Length);
        destination[..count].Clear();
        return count + NarSyntax.WriteCloses(destination[count..], index.EndOf(entry) - position - count);
    }

    private static int Copy(ReadOnlySpan<byte> bytes, Span<byte> destination)
    {
        bytes = bytes[..Math.Min(bytes.Length, destination.Length)];
        bytes.CopyTo(destination);
        return bytes.Length;
    }
}
