using System.Globalization;
using Harmonia.Protocol.Configuration;

namespace Harmonia.Daemon.Commands.Garbage;

/// <summary>How much of a file system is to be free: bytes, or a share of its size.</summary>
/// <param name="Bytes">The number of bytes; 0 for a share.</param>
/// <param name="Percent">The share.</param>
/// <param name="Text">How it was written.</param>
internal readonly record struct FreeSpace(long Bytes, int Percent, string Text)
{
    public const string Form = "a size such as 50G or 800 MiB, or a share of the file system such as 20%";
    public const string SizeForm = "a size such as 50G or 800 MiB";

    private const int Whole = 100;

    /// <summary>Reads a size or a share below 100 %.</summary>
    public static bool TryParse(string text, out FreeSpace space)
    {
        if (!text.EndsWith('%'))
        {
            bool isSize = TryParseSize(text, out long bytes);
            space = isSize ? new FreeSpace(bytes, 0, text) : default;
            return isSize;
        }

        bool isShare = int.TryParse(text.AsSpan(..^1).TrimEnd(' '), NumberStyles.None, CultureInfo.InvariantCulture, out int percent)
            && percent is > 0 and < Whole;
        space = isShare ? new FreeSpace(0, percent, text) : default;
        return isShare;
    }

    /// <summary>Reads a size above 0: <c>50 GiB</c>, or as Nix writes it, where K, M, G and T are powers of 1024 and no unit is bytes.</summary>
    public static bool TryParseSize(string text, out long bytes)
    {
        string full = text switch
        {
            [.., 'K' or 'M' or 'G' or 'T'] => text + "iB",
            [.., >= '0' and <= '9'] => text + "B",
            _ => text,
        };
        return ByteCount.TryParse(full, out bytes) && bytes > 0;
    }

    /// <summary>The number of bytes, on a file system of this size.</summary>
    public long In(long size) => Percent == 0 ? Bytes : (long)((Int128)size * Percent / Whole);
}
