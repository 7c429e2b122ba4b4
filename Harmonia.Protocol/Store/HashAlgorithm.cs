namespace Harmonia.Protocol.Store;

/// <summary>The hash algorithms Nix knows. Nix: src/libutil/include/nix/util/hash.hh, HashAlgorithm.</summary>
public enum HashAlgorithm
{
    /// <summary><c>md5</c>, 16 bytes.</summary>
    Md5,

    /// <summary><c>sha1</c>, 20 bytes.</summary>
    Sha1,

    /// <summary><c>sha256</c>, 32 bytes.</summary>
    Sha256,

    /// <summary><c>sha512</c>, 64 bytes.</summary>
    Sha512,

    /// <summary><c>blake3</c>, 32 bytes; experimental in Nix. It is read and printed here, but never computed.</summary>
    Blake3,
}
