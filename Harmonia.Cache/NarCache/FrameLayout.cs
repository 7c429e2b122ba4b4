using System.Globalization;
using Harmonia.Cache.Interop;

namespace Harmonia.Cache.NarCache;

/// <summary>
/// How a NAR is cut into zstd frames that are compressed independently of each other. What stands here, the level and libzstd's version
/// decide every byte of the result.
/// </summary>
internal static class FrameLayout
{
    /// <summary>Input of every frame but the last, which has what is left.</summary>
    public const int Length = 16 * 1024 * 1024;

    // Counts up with every change to what the bytes depend on beside the level and libzstd.
    private const int Version = 1;

    /// <summary>The name of everything that decides the bytes: <c>f1l3z10504</c> is this layout, level 3, libzstd 1.5.4.</summary>
    public static string Recipe(int level) =>
        string.Create(CultureInfo.InvariantCulture, $"f{Version}l{level}z{LibZstd.VersionNumber()}");

    public static int CountOf(long narSize) => checked((int)((narSize + Length - 1) / Length));

    public static long OffsetOf(int frame) => (long)frame * Length;

    public static int LengthOf(int frame, long narSize) => (int)Math.Min(Length, narSize - OffsetOf(frame));
}
