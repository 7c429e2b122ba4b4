using System.Diagnostics.CodeAnalysis;

namespace Harmonia.Cache.Http;

/// <summary>A line of the credentials file: a name and the hash of a password or of a token.</summary>
public sealed record Credential
{
    private Credential(string name) => Name = name;

    public string Name { get; }

    /// <summary>For basic authentication; null when this is a token.</summary>
    public PasswordHash? Password { get; private init; }

    /// <summary>For bearer authentication; null when this is a password.</summary>
    public TokenHash? Token { get; private init; }

    /// <summary>Reads <c>name:$pbkdf2-sha256$…</c> or <c>name:$token-sha256$…</c>.</summary>
    public static bool TryParse(string line, [NotNullWhen(true)] out Credential? credential)
    {
        int colon = line.IndexOf(':', StringComparison.Ordinal);
        credential = null;
        if (colon <= 0)
            return false;
        string name = line[..colon], hash = line[(colon + 1)..];
        if (PasswordHash.TryParse(hash, out PasswordHash? password))
            credential = new Credential(name) { Password = password };
        else if (TokenHash.TryParse(hash, out TokenHash? token))
            credential = new Credential(name) { Token = token };
        return credential is not null;
    }
}
