using System.Globalization;

namespace Harmonia.Protocol.Configuration;

/// <summary>Numbers of bytes as people write them: <c>32 MiB</c>.</summary>
public static class ByteCount
{
    private static readonly (string Name, int Shift)[] Units = [("TiB", 40), ("GiB", 30), ("MiB", 20), ("KiB", 10), ("B", 0)];

    /// <summary>Reads a whole number and a unit: B, KiB, MiB, GiB or TiB. There may be blanks between them.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out long bytes)
    {
        foreach ((string name, int shift) in Units)
        {
            if (text.EndsWith(name, StringComparison.Ordinal))
            {
                bool parsed = long.TryParse(text[..^name.Length].TrimEnd(' '), NumberStyles.None, CultureInfo.InvariantCulture, out bytes)
                    && bytes <= long.MaxValue >> shift;
                bytes = parsed ? bytes << shift : 0;
                return parsed;
            }
        }

        bytes = 0;
        return false;
    }

    /// <summary>Writes the number in the largest unit that keeps it exact.</summary>
    public static string Print(long bytes)
    {
        (string name, int shift) = bytes == 0 ? Units[^1] : Units.First(unit => bytes >> unit.Shift << unit.Shift == bytes);
        return string.Create(CultureInfo.InvariantCulture, $"{bytes >> shift} {name}");
    }
}
