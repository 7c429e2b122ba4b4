using System.Diagnostics.CodeAnalysis;
using Harmonia.Protocol.Primitives;

namespace Harmonia.Protocol.Store;

/// <summary>
/// An Ed25519 signature (RFC 8032) and the name of the key that made it. Nix: src/libutil/signature/local-keys.cc, Signature.
/// </summary>
public sealed record Signature
{
    /// <summary>The number of bytes.</summary>
    public const int ByteLength = 64;

    private readonly byte[] _bytes;

    internal Signature(string keyName, byte[] bytes) => (KeyName, _bytes) = (keyName, bytes);

    /// <summary>The key's name: not empty, without colon, blanks and control characters.</summary>
    public string KeyName { get; }

    /// <summary>The signature itself, <see cref="ByteLength"/> bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Reads <c>name:base64</c>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out Signature? signature)
    {
        byte[] bytes = new byte[ByteLength];
        signature = KeyText.TrySplit(text, out string? name, out ReadOnlySpan<char> base64) && StrictBase64.TryDecode(base64, bytes)
            ? new(name, bytes)
            : null;
        return signature is not null;
    }

    /// <inheritdoc/>
    public bool Equals(Signature? other) => other is not null && KeyName == other.KeyName && Bytes.SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(KeyName, _bytes[0], _bytes[1], _bytes[2], _bytes[3]);

    /// <summary><c>name:base64</c>.</summary>
    public override string ToString() => KeyText.Print(KeyName, _bytes);
}
