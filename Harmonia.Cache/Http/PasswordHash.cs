using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Harmonia.Cache.Http;

/// <summary>
/// PBKDF2 with SHA-256 of a password (RFC 8018): <c>$pbkdf2-sha256$iterations$salt$hash</c>, the last two in base 64. Slow by intent.
/// </summary>
public sealed class PasswordHash
{
    private const string Prefix = "$pbkdf2-sha256$";
    private const int DefaultIterations = 600_000;
    private const int MaxIterations = 10_000_000;
    private const int SaltLength = 16;
    private const int HashLength = 32;

    private readonly byte[] _salt;
    private readonly byte[] _hash;
    private readonly int _iterations;

    private PasswordHash(int iterations, byte[] salt, byte[] hash) => (_iterations, _salt, _hash) = (iterations, salt, hash);

    /// <summary>Matches no password, and takes as long over it as a real one.</summary>
    public static PasswordHash OfNobody { get; } =
        new(DefaultIterations, RandomNumberGenerator.GetBytes(SaltLength), RandomNumberGenerator.GetBytes(HashLength));

    /// <summary>The hash of a password with a salt of its own.</summary>
    public static PasswordHash Of(string password)
    {
        byte[] salt = RandomNumberGenerator.GetBytes(SaltLength);
        return new PasswordHash(DefaultIterations, salt, Derive(Encoding.UTF8.GetBytes(password), salt, DefaultIterations));
    }

    public static bool TryParse(string text, [NotNullWhen(true)] out PasswordHash? hash)
    {
        hash = null;
        if (!text.StartsWith(Prefix, StringComparison.Ordinal) || text[Prefix.Length..].Split('$') is not [var count, var saltText, var hashText])
            return false;
        byte[] salt = new byte[saltText.Length], value = new byte[hashText.Length];
        if (!int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int iterations) || iterations is < 1 or > MaxIterations
            || !Convert.TryFromBase64String(saltText, salt, out int saltLength) || saltLength == 0
            || !Convert.TryFromBase64String(hashText, value, out int hashLength) || hashLength != HashLength)
        {
            return false;
        }

        hash = new PasswordHash(iterations, salt[..saltLength], value[..hashLength]);
        return true;
    }

    /// <summary>Compares in a time that does not depend on where the two differ.</summary>
    public bool Matches(ReadOnlySpan<byte> password) =>
        CryptographicOperations.FixedTimeEquals(Derive(password, _salt, _iterations), _hash);

    public override string ToString() =>
        $"{Prefix}{_iterations}${Convert.ToBase64String(_salt)}${Convert.ToBase64String(_hash)}";

    private static byte[] Derive(ReadOnlySpan<byte> password, byte[] salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA256, HashLength);
}
