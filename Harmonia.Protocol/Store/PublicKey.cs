using System.Diagnostics.CodeAnalysis;
using Harmonia.Protocol.Interop;

namespace Harmonia.Protocol.Store;

/// <summary>
/// The key a store's signatures are checked with. Safe to share between threads.
/// Nix: src/libutil/signature/local-keys.cc, PublicKey.
/// </summary>
public sealed record PublicKey
{
    /// <summary>The number of bytes.</summary>
    public const int ByteLength = LibCrypto.KeyLength;

    private readonly byte[] _bytes;

    internal PublicKey(string name, byte[] bytes) => (Name, _bytes) = (name, bytes);

    /// <summary>The name signatures refer to it by.</summary>
    public string Name { get; }

    /// <summary>The key itself, <see cref="ByteLength"/> bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Reads <c>name:base64</c>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out PublicKey? key)
    {
        byte[] bytes = new byte[ByteLength];
        key = KeyText.TryParse(text, bytes, out string? name) ? new(name, bytes) : null;
        return key is not null;
    }

    /// <summary>Reads <c>name:base64</c>.</summary>
    /// <exception cref="FormatException">The text is something else. It is not repeated in the message: it may be a secret key.</exception>
    public static PublicKey Parse(ReadOnlySpan<char> text) => TryParse(text, out PublicKey? key)
        ? key
        : throw new FormatException($"The text is not a public key: expected 'NAME:' and {ByteLength} bytes in base 64.");

    /// <summary>Whether a signature bears this key's name and was made over the message by its secret half.</summary>
    /// <exception cref="DllNotFoundException">OpenSSL 3 is not installed.</exception>
    public bool Verify(ReadOnlySpan<byte> message, Signature signature)
    {
        if (signature.KeyName != Name)
        {
            return false;
        }

        using LibCryptoKey key = LibCrypto.ImportPublicKey(_bytes);
        return LibCrypto.Verify(key, message, signature.Bytes);
    }

    /// <inheritdoc/>
    public bool Equals(PublicKey? other) => other is not null && Name == other.Name && Bytes.SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    /// <summary><c>name:base64</c>.</summary>
    public override string ToString() => KeyText.Print(Name, _bytes);
}
