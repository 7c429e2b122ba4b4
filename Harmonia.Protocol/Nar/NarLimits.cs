namespace Harmonia.Protocol.Nar;

/// <summary>
/// What a NAR may contain at most, whatever this machine's file systems could hold. Nix: src/libutil/archive.cc, narMaxTag,
/// narMaxName, narMaxTarget, narMaxDepth.
/// </summary>
public static class NarLimits
{
    /// <summary>The length of a keyword in bytes; the longest, <c>nix-archive-1</c>, has 13.</summary>
    public const int TagLength = 32;

    /// <summary>The length of a name in bytes.</summary>
    public const int NameLength = 255;

    /// <summary>The length of a symbolic link's target in bytes.</summary>
    public const int TargetLength = 4095;

    /// <summary>
    /// How many nodes may lie within each other, the root included, in a NAR that is read. What is on disk already is written at
    /// any depth: older releases of Nix have made and accepted such NARs.
    /// </summary>
    public const int Depth = 64;
}
