using System.Runtime.InteropServices;

namespace Harmonia.Protocol.Nar;

/// <summary>One entry of a <see cref="NarIndex"/> in memory: 28 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct NarIndexNode
{
    /// <summary>The NAR offset of the head.</summary>
    public long Start;

    /// <summary>The length of the contents or of the target; for a directory the index of the entry after its last descendant.</summary>
    public long SizeOrEnd;

    /// <summary>Where the text begins: the name and a NUL, then the target of a symbolic link.</summary>
    public int Text;

    /// <summary>The index of the directory this is in; -1 for the root.</summary>
    public int Parent;

    public byte NameLength;
    public NarNodeKind Kind;
    public bool IsExecutable;

    public readonly long ContentLength => Kind == NarNodeKind.Directory ? 0 : SizeOrEnd;

    public readonly int HeadLength => NarSyntax.HeadLength(NameLength, Kind, IsExecutable);

    public readonly long ContentStart => Start + HeadLength;

    public readonly long ContentEnd => ContentStart + ContentLength;
}
