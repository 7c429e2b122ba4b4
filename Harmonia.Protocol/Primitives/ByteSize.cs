using System.Globalization;

namespace Harmonia.Protocol.Primitives;

/// <summary>Sizes for people, in the unit that suits them: <c>1.50 MiB</c>.</summary>
public static class ByteSize
{
    /// <summary>Writes a number of bytes with two decimals.</summary>
    public static string Of(long bytes) => bytes switch
    {
        < 1 << 10 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1 << 20 => Scaled(bytes, 10, "KiB"),
        < 1 << 30 => Scaled(bytes, 20, "MiB"),
        _ => Scaled(bytes, 30, "GiB"),
    };

    private static string Scaled(long bytes, int shift, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"{(double)bytes / (1L << shift):F2} {unit}");
}
