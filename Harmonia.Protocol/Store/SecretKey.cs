using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Harmonia.Protocol.Primitives;
using NSec.Cryptography;

namespace Harmonia.Protocol.Store;

/// <summary>
/// The key with which a store signs. Several threads may sign at the same time. Nix: src/libutil/signature/local-keys.cc, SecretKey.
/// </summary>
/// <remarks>
/// The secret is in memory of libsodium. libsodium overwrites it when the key is disposed, and keeps it out of core dumps and, if the
/// limit on locked memory allows it, out of swap. Temporary copies are overwritten here.
/// </remarks>
public sealed class SecretKey : IDisposable
{
    private const int SeedLength = 32;

    // Seed, then public key.
    private const int ByteLength = SeedLength + PublicKey.ByteLength;

    private readonly Key _key;

    private SecretKey(string name, Key key)
    {
        _key = key;
        PublicKey = new PublicKey(name, key.PublicKey);
    }

    /// <summary>The name in its signatures.</summary>
    public string Name => PublicKey.Name;

    /// <summary>The key that verifies its signatures.</summary>
    public PublicKey PublicKey { get; }

    private static KeyCreationParameters Exportable => new() { ExportPolicy = KeyExportPolicies.AllowPlaintextExport };

    /// <summary>Reads <c>name:base64</c> of seed and public key, with optional white space around it. Padding may be missing, as in Nix.</summary>
    /// <exception cref="FormatException">
    /// The text is something else, or its two halves do not match. The message contains no part of the secret.
    /// </exception>
    public static SecretKey Parse(ReadOnlySpan<char> text)
    {
        Span<byte> bytes = stackalloc byte[ByteLength];
        try
        {
            if (!KeyText.TrySplit(text.Trim(), out string? name, out ReadOnlySpan<char> base64) || !NixBase64.TryDecode(base64, bytes))
                throw new FormatException($"The text is not a secret key: expected 'NAME:' and {ByteLength} bytes in base 64.");

            SecretKey key = new(name, Key.Import(SignatureAlgorithm.Ed25519, bytes[..SeedLength], KeyBlobFormat.RawPrivateKey, Exportable));
            if (key.PublicKey.Bytes.SequenceEqual(bytes[SeedLength..]))
                return key;

            key.Dispose();
            throw new FormatException($"The secret key {Excerpt.Of(name)} is damaged: its public half does not match the secret one.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>Makes a new key.</summary>
    /// <exception cref="FormatException">The name is empty, or contains a colon, white space or control characters.</exception>
    public static SecretKey Generate(string name) => KeyText.IsName(name)
        ? new SecretKey(name, Key.Create(SignatureAlgorithm.Ed25519, Exportable))
        : throw new FormatException($"{Excerpt.Of(name)} cannot name a key: expected text without colon and white space.");

    /// <summary>Signs a message, such as a <see cref="Fingerprint"/>.</summary>
    /// <exception cref="ObjectDisposedException">The key was disposed.</exception>
    public Signature Sign(ReadOnlySpan<byte> message)
    {
        byte[] bytes = new byte[Signature.ByteLength];
        SignatureAlgorithm.Ed25519.Sign(_key, message, bytes);
        return new Signature(Name, bytes);
    }

    /// <summary>The text that <see cref="Parse"/> reads, in UTF-8, secret included. The caller overwrites it after use.</summary>
    /// <exception cref="ObjectDisposedException">The key was disposed.</exception>
    public byte[] Export()
    {
        Span<byte> bytes = stackalloc byte[ByteLength];
        try
        {
            if (!_key.TryExport(KeyBlobFormat.RawPrivateKey, bytes[..SeedLength], out _))
                throw new CryptographicException("The secret key could not be exported.");
            PublicKey.Bytes.CopyTo(bytes[SeedLength..]);

            // Pinned, so that the garbage collector leaves no copy behind.
            int nameLength = Encoding.UTF8.GetByteCount(Name);
            byte[] text = GC.AllocateUninitializedArray<byte>(nameLength + 1 + Base64.GetMaxEncodedToUtf8Length(ByteLength), pinned: true);
            Encoding.UTF8.GetBytes(Name, text);
            text[nameLength] = (byte)':';
            Base64.EncodeToUtf8(bytes, text.AsSpan(nameLength + 1), out _, out _);
            return text;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>Overwrites the secret, after the signatures that other threads are making.</summary>
    public void Dispose() => _key.Dispose();

    /// <summary>The name; never the secret.</summary>
    public override string ToString() => Name;
}
