namespace Harmonia.Protocol.Store;

/// <summary>Names and sizes of the hash algorithms. Nix: src/libutil/hash.cc, parseHashAlgo and printHashAlgo.</summary>
public static class HashAlgorithms
{
    /// <summary>The size of the longest hash, in bytes.</summary>
    public const int MaxByteLength = 64;

    /// <summary>The size of a hash, in bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such algorithm.</exception>
    public static int ByteLength(this HashAlgorithm algorithm) => algorithm switch
    {
        HashAlgorithm.Md5 => 16,
        HashAlgorithm.Sha1 => 20,
        HashAlgorithm.Sha256 or HashAlgorithm.Blake3 => 32,
        HashAlgorithm.Sha512 => MaxByteLength,
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "There is no such hash algorithm."),
    };

    /// <summary>Nix's name for the algorithm, in lower case.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such algorithm.</exception>
    public static string ToName(this HashAlgorithm algorithm) => algorithm switch
    {
        HashAlgorithm.Md5 => "md5",
        HashAlgorithm.Sha1 => "sha1",
        HashAlgorithm.Sha256 => "sha256",
        HashAlgorithm.Sha512 => "sha512",
        HashAlgorithm.Blake3 => "blake3",
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "There is no such hash algorithm."),
    };

    /// <summary>Reads Nix's name for an algorithm, in lower case.</summary>
    public static bool TryParse(ReadOnlySpan<char> name, out HashAlgorithm algorithm)
    {
        HashAlgorithm? known = name switch
        {
            "md5" => HashAlgorithm.Md5,
            "sha1" => HashAlgorithm.Sha1,
            "sha256" => HashAlgorithm.Sha256,
            "sha512" => HashAlgorithm.Sha512,
            "blake3" => HashAlgorithm.Blake3,
            _ => null,
        };
        algorithm = known.GetValueOrDefault();
        return known is not null;
    }
}
