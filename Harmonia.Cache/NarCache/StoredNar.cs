using System.Text.RegularExpressions;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.NarCache;

/// <summary>
/// What is kept of a NAR. All of it stands in the file's name but the size, so a file that has its name is complete, and nothing else
/// needs to be kept in step with it.
/// </summary>
/// <param name="NarHash">Of the NAR, whatever path it is of.</param>
/// <param name="FileHash">Of the compressed bytes; null when the NAR is not worth compressing, which an empty file says.</param>
/// <param name="Recipe">What decided the bytes, as in <see cref="FrameLayout.Recipe"/>.</param>
/// <param name="Size">Of the compressed bytes.</param>
public sealed partial record StoredNar(NarHash NarHash, NarHash? FileHash, string Recipe, long Size)
{
    private const string Extension = ".nar.zst";
    private const string IncompressibleMark = "-incompressible";
    private const int BlockLength = 4096;
    private const int TimeoutMilliseconds = 1000;

    /// <summary>Whether the NAR is better sent as it is.</summary>
    public bool IsIncompressible => FileHash is null;

    /// <summary>The disk it takes, in whole blocks; at least one, since names take room too.</summary>
    public long DiskSize => Math.Max(BlockLength, (Size + BlockLength - 1) / BlockLength * BlockLength);

    /// <summary>The name of its file.</summary>
    public string FileName => FileHash is { } fileHash
        ? $"{NarHash.ToBase32()}-{fileHash.ToBase32()}-{Recipe}{Extension}"
        : $"{NarHash.ToBase32()}{IncompressibleMark}";

    public static StoredNar Incompressible(NarHash narHash) => new(narHash, FileHash: null, Recipe: "", Size: 0);

    /// <summary>Null for a file that is none of ours.</summary>
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
