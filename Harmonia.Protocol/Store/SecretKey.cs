using System.Security.Cryptography;
using Harmonia.Protocol.Interop;
using Harmonia.Protocol.Primitives;

namespace Harmonia.Protocol.Store;

/// <summary>
/// The key a store signs with. Threads may sign at the same time. Nix: src/libutil/signature/local-keys.cc, SecretKey.
/// </summary>
/// <remarks>The secret is kept by OpenSSL alone, which overwrites it when the key is disposed; temporary copies are overwritten here.</remarks>
public sealed class SecretKey : IDisposable
{
    // Seed, then public key.
    private const int ByteLength = LibCrypto.KeyLength + PublicKey.ByteLength;

    private readonly LibCryptoKey _key;

    private SecretKey(string name, ReadOnlySpan<byte> seed)
    {
        _key = LibCrypto.ImportPrivateKey(seed);
        byte[] bytes = new byte[PublicKey.ByteLength];
        LibCrypto.ExportPublicKey(_key, bytes);
        PublicKey = new PublicKey(name, bytes);
    }

    /// <summary>The name its signatures bear.</summary>
    public string Name => PublicKey.Name;

    /// <summary>The key its signatures are checked with.</summary>
    public PublicKey PublicKey { get; }

    /// <summary>Reads <c>name:base64</c> of seed and public key, with any white space around.</summary>
    /// <exception cref="FormatException">
    /// The text is something else, or its halves do not belong together. The message has nothing of the secret.
    /// </exception>
    /// <exception cref="DllNotFoundException">OpenSSL 3 is not installed.</exception>
    public static SecretKey Parse(ReadOnlySpan<char> text)
    {
        Span<byte> bytes = stackalloc byte[ByteLength];
        try
        {
            if (!KeyText.TryParse(text.Trim(), bytes, out string? name))
            {
                throw new FormatException($"The text is not a secret key: expected 'NAME:' and {ByteLength} bytes in base 64.");
            }

            SecretKey key = new(name, bytes[..LibCrypto.KeyLength]);
            if (!key.PublicKey.Bytes.SequenceEqual(bytes[LibCrypto.KeyLength..]))
            {
                key.Dispose();
                throw new FormatException($"The secret key {Excerpt.Of(name)} is damaged: its public half does not belong to the secret one.");
            }

            return key;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>Makes a new key.</summary>
    /// <exception cref="FormatException">The name is empty, or has a colon, white space or control characters in it.</exception>
    /// <exception cref="DllNotFoundException">OpenSSL 3 is not installed.</exception>
    public static SecretKey Generate(string name)
    {
        if (!KeyText.IsName(name))
        {
            throw new FormatException($"{Excerpt.Of(name)} cannot name a key: expected text without colon and white space.");
        }

        Span<byte> seed = stackalloc byte[LibCrypto.KeyLength];
        try
        {
            RandomNumberGenerator.Fill(seed);
            return new SecretKey(name, seed);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seed);
        }
    }

    /// <summary>Signs a message, such as a <see cref="Fingerprint"/>.</summary>
    /// <exception cref="ObjectDisposedException">The key was disposed.</exception>
    public Signature Sign(ReadOnlySpan<byte> message)
    {
        byte[] bytes = new byte[Signature.ByteLength];
        LibCrypto.Sign(_key, message, bytes);
        return new Signature(Name, bytes);
    }

    /// <summary>The text <see cref="Parse"/> reads, secret included, for the file it is kept in.</summary>
    /// <exception cref="ObjectDisposedException">The key was disposed.</exception>
    public string Export()
    {
        Span<byte> bytes = stackalloc byte[ByteLength];
        try
        {
            LibCrypto.ExportPrivateKey(_key, bytes[..LibCrypto.KeyLength]);
            PublicKey.Bytes.CopyTo(bytes[LibCrypto.KeyLength..]);
            return KeyText.Print(Name, bytes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>Forgets the secret. A signature under way in another thread is completed first.</summary>
    public void Dispose() => _key.Dispose();

    /// <summary>The name; never the secret.</summary>
    public override string ToString() => Name;
}
