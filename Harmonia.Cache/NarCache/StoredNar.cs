using System.Text.RegularExpressions;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.NarCache;

/// <summary>
/// The stored form of a NAR. Its file name holds everything but the size, so a file that has its name is complete and needs no other record.
/// </summary>
/// <param name="NarHash">The hash of the NAR. Several store paths may have it.</param>
/// <param name="FileHash">The hash of the compressed bytes; null if the NAR is not worth compressing, which an empty file records.</param>
/// <param name="Recipe">The name of everything that decided the bytes, from <see cref="FrameLayout.Recipe"/>.</param>
/// <param name="Size">The number of compressed bytes.</param>
public sealed partial record StoredNar(NarHash NarHash, NarHash? FileHash, string Recipe, long Size)
{
    private const string Extension = ".nar.zst";
    private const string IncompressibleMark = "-incompressible";
    private const int BlockLength = 4096;
    private const int TimeoutMilliseconds = 1000;

    /// <summary>Whether the NAR is not worth compressing.</summary>
    public bool IsIncompressible => FileHash is null;

    /// <summary>The disk space in whole blocks; at least one, because a name takes room too.</summary>
    public long DiskSize => Math.Max(BlockLength, (Size + BlockLength - 1) / BlockLength * BlockLength);

    /// <summary>The name of the file.</summary>
    public string FileName => FileHash is { } fileHash
        ? $"{NarHash.ToBase32()}-{fileHash.ToBase32()}-{Recipe}{Extension}"
        : $"{NarHash.ToBase32()}{IncompressibleMark}";

    public static StoredNar Incompressible(NarHash narHash) => new(narHash, FileHash: null, Recipe: "", Size: 0);

    /// <summary>Reads a file name; null if it has another form.</summary>
    public static StoredNar? Parse(string fileName, long size)
    {
        Match match = Name().Match(fileName);
        if (!match.Success || !NarHash.TryParse(match.Groups["nar"].Value, out NarHash narHash))
            return null;
        if (!match.Groups["file"].Success)
            return Incompressible(narHash);
        return NarHash.TryParse(match.Groups["file"].Value, out NarHash fileHash) && size > 0
            ? new StoredNar(narHash, fileHash, match.Groups["recipe"].Value, size)
            : null;
    }

    [GeneratedRegex(
        @"\A(?<nar>[0-9a-z]{52})-(?:incompressible|(?<file>[0-9a-z]{52})-(?<recipe>[0-9a-z-]+)\.nar\.zst)\z",
        RegexOptions.ExplicitCapture, TimeoutMilliseconds)]
    private static partial Regex Name();
}
