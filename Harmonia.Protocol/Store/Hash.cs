using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Harmonia.Protocol.Primitives;

namespace Harmonia.Protocol.Store;

/// <summary>A hash of any of Nix's algorithms. For the hash of a NAR there is <see cref="NarHash"/>. Nix: src/libutil/hash.cc, Hash.</summary>
public sealed record Hash
{
    private readonly byte[] _bytes;

    /// <summary>A hash with these bytes.</summary>
    /// <exception cref="ArgumentException">The algorithm's hashes have another size.</exception>
    public Hash(HashAlgorithm algorithm, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != algorithm.ByteLength())
        {
            throw new ArgumentException(
                $"A {algorithm.ToName()} hash has {algorithm.ByteLength()} bytes, not {bytes.Length}.", nameof(bytes));
        }

        Algorithm = algorithm;
        _bytes = bytes.ToArray();
    }

    /// <summary>The algorithm.</summary>
    public HashAlgorithm Algorithm { get; }

    /// <summary>The bytes, as many as the algorithm has.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Hashes the data.</summary>
    /// <exception cref="NotSupportedException">The algorithm is <see cref="HashAlgorithm.Blake3"/>.</exception>
    public static Hash Of(HashAlgorithm algorithm, ReadOnlySpan<byte> data) => new(algorithm, algorithm switch
    {
        HashAlgorithm.Md5 => MD5.HashData(data),
        HashAlgorithm.Sha1 => SHA1.HashData(data),
        HashAlgorithm.Sha256 => SHA256.HashData(data),
        HashAlgorithm.Sha512 => SHA512.HashData(data),
        _ => throw new NotSupportedException($"{algorithm} hashes cannot be computed here."),
    });

    /// <summary>
    /// Reads base 16 in either case, nix32, base 64 or SRI. The text need not name the algorithm if one is <paramref name="expected"/>,
    /// and may not name another one. With null, the text must name its algorithm, which may be any.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, HashAlgorithm? expected, [NotNullWhen(true)] out Hash? hash)
    {
        Span<byte> bytes = stackalloc byte[HashAlgorithms.MaxByteLength];
        bool parsed = HashText.TryParse(text, expected, out HashAlgorithm algorithm, bytes);
        hash = parsed ? new(algorithm, bytes[..algorithm.ByteLength()]) : null;
        return parsed;
    }

    /// <summary>Reads a hash of any algorithm, which the text must name.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out Hash? hash) => TryParse(text, expected: null, out hash);

    /// <summary>Reads base 16, nix32 or base 64 of the right length, without prefix. Nix: Hash::parseNonSRIUnprefixed.</summary>
    public static bool TryParseUnprefixed(ReadOnlySpan<char> text, HashAlgorithm algorithm, [NotNullWhen(true)] out Hash? hash)
    {
        Span<byte> bytes = stackalloc byte[algorithm.ByteLength()];
        bool parsed = HashText.TryDecode(text, bytes);
        hash = parsed ? new(algorithm, bytes) : null;
        return parsed;
    }

    /// <summary>Reads a hash of any algorithm, which the text must name.</summary>
    /// <exception cref="FormatException">The text is not a hash.</exception>
    public static Hash Parse(ReadOnlySpan<char> text) => TryParse(text, out Hash? hash)
        ? hash
        : throw new FormatException(
            $"{Excerpt.Of(text)} is not a hash: expected 'algorithm:' and base 16, nix32 or base 64, or an SRI hash.");

    /// <summary>Base 16, lower case, without prefix.</summary>
    public string ToBase16() => Convert.ToHexStringLower(_bytes);

    /// <summary>nix32, without prefix.</summary>
    public string ToBase32() => NixBase32.Encode(_bytes);

    /// <summary>Base 64, without prefix.</summary>
    public string ToBase64() => Convert.ToBase64String(_bytes);

    /// <summary><c>algorithm-</c> and base 64.</summary>
    public string ToSri() => $"{Algorithm.ToName()}-{ToBase64()}";

    /// <summary><c>algorithm:</c> and base 16, as in the database and in the text from which store paths are computed.</summary>
    public string ToPrefixedBase16() => $"{Algorithm.ToName()}:{ToBase16()}";

    /// <summary><c>algorithm:</c> and nix32, as in content addresses and narinfos.</summary>
    public string ToPrefixedBase32() => $"{Algorithm.ToName()}:{ToBase32()}";

    /// <inheritdoc/>
    public bool Equals(Hash? other) => other is not null && Algorithm == other.Algorithm && Bytes.SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode code = default;
        code.Add(Algorithm);
        code.AddBytes(_bytes);
        return code.ToHashCode();
    }

    /// <summary>The same as <see cref="ToPrefixedBase32"/>.</summary>
    public override string ToString() => ToPrefixedBase32();
}
