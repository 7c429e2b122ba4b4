using System.Diagnostics.CodeAnalysis;
using Harmonia.Protocol.Primitives;
using NSec.Cryptography;
using Ed25519PublicKey = NSec.Cryptography.PublicKey;

namespace Harmonia.Protocol.Store;

/// <summary>
/// The key that verifies a store's signatures. Safe to share between threads.
/// Nix: src/libutil/signature/local-keys.cc, PublicKey.
/// </summary>
public sealed record PublicKey
{
    /// <summary>The number of bytes.</summary>
    public const int ByteLength = 32;

    private readonly Ed25519PublicKey _key;
    private readonly byte[] _bytes;

    internal PublicKey(string name, Ed25519PublicKey key) => (Name, _key, _bytes) = (name, key, key.Export(KeyBlobFormat.RawPublicKey));

    /// <summary>The name by which signatures refer to it.</summary>
    public string Name { get; }

    /// <summary>The key itself, <see cref="ByteLength"/> bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Reads <c>name:base64</c>. The padding may be missing, as in Nix.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out PublicKey? key)
    {
        Span<byte> bytes = stackalloc byte[ByteLength];
        key = KeyText.TrySplit(text, out string? name, out ReadOnlySpan<char> base64) && NixBase64.TryDecode(base64, bytes)
            ? new PublicKey(name, Ed25519PublicKey.Import(SignatureAlgorithm.Ed25519, bytes, KeyBlobFormat.RawPublicKey))
            : null;
        return key is not null;
    }

    /// <summary>Reads <c>name:base64</c>. The padding may be missing, as in Nix.</summary>
    /// <exception cref="FormatException">The text is something else. The message does not repeat it: it may be a secret key.</exception>
    public static PublicKey Parse(ReadOnlySpan<char> text) => TryParse(text, out PublicKey? key)
        ? key
        : throw new FormatException($"The text is not a public key: expected 'NAME:' and {ByteLength} bytes in base 64.");

    /// <summary>Whether the signature has this key's name, and its secret key made it for the message.</summary>
    public bool Verify(ReadOnlySpan<byte> message, Signature signature) =>
        signature.KeyName == Name && SignatureAlgorithm.Ed25519.Verify(_key, message, signature.Bytes);

    /// <inheritdoc/>
    public bool Equals(PublicKey? other) => other is not null && Name == other.Name && Bytes.SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    /// <summary><c>name:base64</c>.</summary>
    public override string ToString() => KeyText.Print(Name, _bytes);
}
