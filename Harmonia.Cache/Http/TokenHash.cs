using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Harmonia.Cache.Http;

/// <summary>
/// SHA-256 of a token: <c>$token-sha256$hash</c> in base 64. Fast and without salt, which is enough since a token is too long to be
/// guessed.
/// </summary>
public sealed class TokenHash
{
    /// <summary>In characters; shorter ones might be guessed.</summary>
    public const int MinLength = 32;

    private const string Prefix = "$token-sha256$";

    private readonly byte[] _hash;

    private TokenHash(byte[] hash) => _hash = hash;

    public static TokenHash Of(string token) => new(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    public static bool TryParse(string text, [NotNullWhen(true)] out TokenHash? hash)
    {
        hash = null;
        byte[] bytes = new byte[text.Length];
        if (!text.StartsWith(Prefix, StringComparison.Ordinal)
            || !Convert.TryFromBase64Chars(text.AsSpan(Prefix.Length), bytes, out int length) || length != SHA256.HashSizeInBytes)
        {
            return false;
        }

        hash = new TokenHash(bytes[..length]);
        return true;
    }

    /// <summary>Compares in a time that does not depend on where the two differ.</summary>
    /// <param name="tokenHash">SHA-256 of the token that was sent.</param>
    public bool Matches(ReadOnlySpan<byte> tokenHash) => CryptographicOperations.FixedTimeEquals(tokenHash, _hash);

    public override string ToString() => Prefix + Convert.ToBase64String(_hash);
}
