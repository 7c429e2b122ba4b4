namespace Harmonia.Protocol.Nar;

/// <summary>
/// The limits of a NAR, which do not depend on the file systems of this machine. Nix: src/libutil/archive.cc, narMaxTag,
/// narMaxName, narMaxTarget, narMaxDepth.
/// </summary>
internal static class NarLimits
{
    /// <summary>The length of a keyword in bytes; the longest, <c>nix-archive-1</c>, has 13.</summary>
    public const int TagLength = 32;

    /// <summary>The length of a name in bytes.</summary>
    public const int NameLength = 255;

    /// <summary>The length of a symbolic link's target in bytes.</summary>
    public const int TargetLength = 4095;

    /// <summary>
    /// The maximum depth of nested nodes, including the root, in a NAR that is read. Trees on disk are written at any depth, because older
    /// releases of Nix have made and accepted such NARs.
    /// </summary>
    public const int Depth = 64;
}
