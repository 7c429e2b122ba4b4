using System.Buffers;
using Harmonia.Protocol.Primitives;

namespace Harmonia.Protocol.Store;

/// <summary>
/// Reads the spellings of hashes: base 16 (of either case), nix32 or base 64, told apart by length, with or without <c>algorithm:</c> in
/// front, and SRI (<c>algorithm-</c>, then base 64). Nix: src/libutil/hash.cc, Hash::parseAny.
/// </summary>
internal static class HashText
{
    /// <summary>Reads any spelling into the front of <paramref name="destination"/>.</summary>
    /// <param name="text">The spelling.</param>
    /// <param name="expected">The algorithm of an unprefixed spelling, which a prefix may not contradict; null when there must be a prefix.</param>
    /// <param name="algorithm">The algorithm found; it says how much of the destination is filled.</param>
    /// <param name="destination">At least <see cref="HashAlgorithms.MaxByteLength"/> bytes, or the size <paramref name="expected"/> has.</param>
    public static bool TryParse(ReadOnlySpan<char> text, HashAlgorithm? expected, out HashAlgorithm algorithm, Span<byte> destination)
    {
        algorithm = expected.GetValueOrDefault();
        int separator = text.IndexOf(':');
        if (separator < 0)
        {
            separator = text.IndexOf('-');
        }

        if (separator < 0)
        {
            return expected is not null && TryDecode(text, destination[..algorithm.ByteLength()]);
        }

        if (!HashAlgorithms.TryParse(text[..separator], out algorithm) || (expected is not null && algorithm != expected))
        {
            return false;
        }

        ReadOnlySpan<char> digits = text[(separator + 1)..];
        Span<byte> bytes = destination[..algorithm.ByteLength()];
        return text[separator] == '-' ? StrictBase64.TryDecode(digits, bytes) : TryDecode(digits, bytes);
    }

    /// <summary>Reads a spelling without prefix that fills <paramref name="bytes"/>.</summary>
    public static bool TryDecode(ReadOnlySpan<char> digits, Span<byte> bytes)
    {
        if (digits.Length == bytes.Length * 2)
        {
            return Convert.FromHexString(digits, bytes, out _, out int written) == OperationStatus.Done && written == bytes.Length;
        }

        return NixBase32.TryDecode(digits, bytes) || StrictBase64.TryDecode(digits, bytes);
    }
}
