using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Harmonia.Protocol.Primitives;

namespace Harmonia.Protocol.Store;

/// <summary>The SHA-256 hash of a NAR, as a value without an array.</summary>
public readonly record struct NarHash
{
    /// <summary>The number of bytes.</summary>
    public const int ByteLength = 32;

    private readonly ulong _first;
    private readonly ulong _second;
    private readonly ulong _third;
    private readonly ulong _fourth;

    private NarHash(ReadOnlySpan<byte> bytes)
    {
        // In memory order, so that no bytes are swapped when they are copied back.
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        (_first, _second, _third, _fourth) = (words[0], words[1], words[2], words[3]);
    }

    /// <summary>A hash with these bytes.</summary>
    /// <exception cref="ArgumentException">There are not <see cref="ByteLength"/> of them.</exception>
    public static NarHash FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length == ByteLength
        ? new(bytes)
        : throw new ArgumentException($"A NAR hash has {ByteLength} bytes, not {bytes.Length}.", nameof(bytes));

    /// <summary>Hashes a whole NAR.</summary>
    public static NarHash Of(ReadOnlySpan<byte> nar)
    {
        Span<byte> bytes = stackalloc byte[ByteLength];
        SHA256.HashData(nar, bytes);
        return new(bytes);
    }

    /// <summary>
    /// Reads base 16 in either case, nix32 or base 64, with or without <c>sha256:</c>, or SRI. Refuses a hash of another algorithm.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out NarHash hash)
    {
        Span<byte> bytes = stackalloc byte[ByteLength];
        bool parsed = HashText.TryParse(text, HashAlgorithm.Sha256, out _, bytes);
        hash = parsed ? new(bytes) : default;
        return parsed;
    }

    /// <summary>Reads what <see cref="TryParse"/> reads.</summary>
    /// <exception cref="FormatException">The text is something else.</exception>
    public static NarHash Parse(ReadOnlySpan<char> text) => TryParse(text, out NarHash hash)
        ? hash
        : throw new FormatException(
            $"{Excerpt.Of(text)} is not a NAR hash: expected the {ByteLength} bytes of a sha256 hash in base 16, nix32, base 64 or SRI.");

    /// <summary>Writes the 32 bytes to the front of <paramref name="destination"/>.</summary>
    /// <exception cref="ArgumentException">The destination is shorter.</exception>
    public void CopyTo(Span<byte> destination)
    {
        ReadOnlySpan<ulong> words = [_first, _second, _third, _fourth];
        MemoryMarshal.AsBytes(words).CopyTo(destination);
    }

    /// <summary>The same hash as a value of any algorithm.</summary>
    public Hash ToHash()
    {
        Span<byte> bytes = stackalloc byte[ByteLength];
        CopyTo(bytes);
        return new Hash(HashAlgorithm.Sha256, bytes);
    }

    /// <summary>64 digits, lower case, without prefix: the form on the wire.</summary>
    public string ToBase16()
    {
        Span<byte> bytes = stackalloc byte[ByteLength];
        CopyTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    /// <summary>52 digits of nix32, without prefix.</summary>
    public string ToBase32()
    {
        Span<byte> bytes = stackalloc byte[ByteLength];
        CopyTo(bytes);
        return NixBase32.Encode(bytes);
    }

    /// <summary><c>sha256-</c> and base 64.</summary>
    public string ToSri()
    {
        Span<byte> bytes = stackalloc byte[ByteLength];
        CopyTo(bytes);
        return $"sha256-{Convert.ToBase64String(bytes)}";
    }

    /// <summary><c>sha256:</c> and base 16: the form in the database.</summary>
    public string ToPrefixedBase16() => $"sha256:{ToBase16()}";

    /// <summary><c>sha256:</c> and nix32: the form in narinfos and fingerprints.</summary>
    public string ToPrefixedBase32() => $"sha256:{ToBase32()}";

    /// <inheritdoc/>
    public override int GetHashCode() => _first.GetHashCode();

    /// <summary>The same as <see cref="ToPrefixedBase32"/>.</summary>
    public override string ToString() => ToPrefixedBase32();
}
