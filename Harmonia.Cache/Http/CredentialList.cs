using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Harmonia.Cache.Http;

/// <summary>Who may ask. Remembers which headers were right, since to hash a password takes longer than to serve a narinfo.</summary>
public sealed class CredentialList(IReadOnlyList<Credential> credentials)
{
    private const string Basic = "Basic ";
    private const string Bearer = "Bearer ";

    // One for each credential would be enough, but clients may spell a header in more than one way.
    private const int MaxCached = 4096;

    // A key of this process, so that what is kept is of no use outside it.
    private readonly byte[] _memoryKey = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<string, bool> _right = new(StringComparer.Ordinal);

    /// <summary>How many lines the file has.</summary>
    public int Count => credentials.Count;

    /// <summary>Whether the header was found right before; costs little.</summary>
    public bool Remembers(string authorization) => _right.ContainsKey(Memory(authorization));

    /// <summary>Whether an Authorization header names one of the credentials. A password costs some 100 ms.</summary>
    public bool Admits(string authorization)
    {
        if (authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            return AdmitsToken(authorization[Bearer.Length..].Trim());
        if (!authorization.StartsWith(Basic, StringComparison.OrdinalIgnoreCase) || !AdmitsPassword(authorization[Basic.Length..].Trim()))
            return false;
        if (_right.Count < MaxCached)
            _right.TryAdd(Memory(authorization), true);
        return true;
    }

    private bool AdmitsToken(string token)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(token));
        bool found = false;
        // All of them are checked, so that the time does not tell which one it was.
        foreach (Credential credential in credentials)
            found |= credential.Token?.Matches(hash) == true;
        return found;
    }

    private bool AdmitsPassword(string encoded)
    {
        byte[] bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out int length))
            return false;
        ReadOnlySpan<byte> pair = bytes.AsSpan(0, length);
        int colon = pair.IndexOf((byte)':');
        if (colon < 0)
            return false;
        string name = Encoding.UTF8.GetString(pair[..colon]);
        ReadOnlySpan<byte> password = pair[(colon + 1)..];
        bool known = false, found = false;
        foreach (Credential credential in credentials.Where(credential => credential.Password is not null && credential.Name == name))
        {
            known = true;
            found |= credential.Password!.Matches(password);
        }

        return known ? found : PasswordHash.OfNobody.Matches(password);
    }

    private string Memory(string authorization) =>
        Convert.ToBase64String(HMACSHA256.HashData(_memoryKey, Encoding.UTF8.GetBytes(authorization)));
}
