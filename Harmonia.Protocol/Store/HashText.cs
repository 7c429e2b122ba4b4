using System.Buffers;
using Harmonia.Protocol.Primitives;

namespace Harmonia.Protocol.Store;

/// <summary>
/// Reads all forms of hashes: base 16 (in either case), nix32 or base 64, which differ in length, with or without <c>algorithm:</c> in
/// front, and SRI (<c>algorithm-</c>, then base 64). Nix: src/libutil/hash.cc, Hash::parseAny.
/// </summary>
internal static class HashText
{
    /// <summary>Reads any form into the front of <paramref name="destination"/>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="expected">The algorithm of a text without prefix; a prefix must not contradict it. Null requires a prefix.</param>
    /// <param name="algorithm">The algorithm. Its size is the number of bytes written.</param>
    /// <param name="destination">At least <see cref="HashAlgorithms.MaxByteLength"/> bytes, or the size of <paramref name="expected"/>.</param>
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

    /// <summary>Reads a text without prefix that fills <paramref name="bytes"/>.</summary>
    public static bool TryDecode(ReadOnlySpan<char> digits, Span<byte> bytes)
    {
        if (digits.Length == bytes.Length * 2)
        {
            return Convert.FromHexString(digits, bytes, out _, out int written) == OperationStatus.Done && written == bytes.Length;
        }

        return NixBase32.TryDecode(digits, bytes) || StrictBase64.TryDecode(digits, bytes);
    }
}
