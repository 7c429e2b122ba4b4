namespace Harmonia.Cache.Pages;

/// <summary>
/// The order in which people expect names: digits count as the number they form, and upper and lower case of ASCII differ only where
/// nothing else does. Equal only for equal bytes.
/// </summary>
public sealed class NaturalOrder : IComparer<ReadOnlyMemory<byte>>
{
    private NaturalOrder()
    {
    }

    public static NaturalOrder Instance { get; } = new();

    /// <inheritdoc/>
    public int Compare(ReadOnlyMemory<byte> x, ReadOnlyMemory<byte> y)
    {
        int order = CompareParts(x.Span, y.Span);
        return order != 0 ? order : x.Span.SequenceCompareTo(y.Span);
    }

    private static int CompareParts(ReadOnlySpan<byte> x, ReadOnlySpan<byte> y)
    {
        while (!x.IsEmpty && !y.IsEmpty)
        {
            int order = char.IsAsciiDigit((char)x[0]) && char.IsAsciiDigit((char)y[0])
                ? CompareNumbers(ref x, ref y)
                : Take(ref x).CompareTo(Take(ref y));
            if (order != 0)
                return order;
        }

        return x.Length.CompareTo(y.Length);
    }

    private static byte Take(ref ReadOnlySpan<byte> text)
    {
        byte value = text[0];
        text = text[1..];
        return value is >= (byte)'A' and <= (byte)'Z' ? (byte)(value | 0x20) : value;
    }

    // The number with more digits, leading zeros aside, is greater.
    private static int CompareNumbers(ref ReadOnlySpan<byte> x, ref ReadOnlySpan<byte> y)
    {
        ReadOnlySpan<byte> first = TakeNumber(ref x);
        ReadOnlySpan<byte> second = TakeNumber(ref y);
        int order = first.Length.CompareTo(second.Length);
        return order != 0 ? order : first.SequenceCompareTo(second);
    }

    private static ReadOnlySpan<byte> TakeNumber(ref ReadOnlySpan<byte> text)
    {
        int length = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        ReadOnlySpan<byte> number = length < 0 ? text : text[..length];
        text = text[number.Length..];
        return number.TrimStart((byte)'0');
    }
}
