namespace Harmonia.Protocol.Nar;

/// <summary>The last name in each of the directories that a <see cref="NarParser"/> is in: at most 16 KiB.</summary>
internal sealed class NarNames
{
    private readonly byte[]?[] _names = new byte[NarLimits.Depth][];
    private readonly int[] _lengths = new int[NarLimits.Depth];

    /// <summary>The number of directories that the parser is in.</summary>
    public int Depth { get; private set; }

    /// <summary>The last name of the innermost directory; empty before its first, and for the root.</summary>
    public ReadOnlySpan<byte> Current => Depth == 0 ? default : _names[Depth - 1].AsSpan(0, _lengths[Depth - 1]);

    public void Enter()
    {
        _lengths[Depth] = 0;
        Depth++;
    }

    public void Leave() => Depth--;

    public void Replace(ReadOnlySpan<byte> name)
    {
        name.CopyTo(_names[Depth - 1] ??= new byte[NarLimits.NameLength]);
        _lengths[Depth - 1] = name.Length;
    }
}
