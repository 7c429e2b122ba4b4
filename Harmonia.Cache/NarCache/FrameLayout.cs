using System.Globalization;
using Harmonia.Cache.Sending;

namespace Harmonia.Cache.NarCache;

/// <summary>
/// How a NAR is cut into zstd frames that are compressed independently of each other. This layout, the level and the version of zstd decide
/// every byte of the result.
/// </summary>
internal static class FrameLayout
{
    /// <summary>The input of every frame but the last, which has the rest.</summary>
    public const int Length = 16 * 1024 * 1024;

    // Goes up with every change of the bytes that the level and the version of zstd do not tell. Version 1 was compressed by zstd's C library;
    // ZstdSharp need not make the same bytes as the C library of the same version.
    private const int Version = 2;

    /// <summary>The name of everything that decides the bytes: <c>f2l3z10507</c> is this layout, level 3, zstd 1.5.7.</summary>
    public static string Recipe(int level) =>
        string.Create(CultureInfo.InvariantCulture, $"f{Version}l{level}z{ZstdContext.Version}");

    public static int CountOf(long narSize) => checked((int)((narSize + Length - 1) / Length));

    public static long OffsetOf(int frame) => (long)frame * Length;

    public static int LengthOf(int frame, long narSize) => (int)Math.Min(Length, narSize - OffsetOf(frame));
}
