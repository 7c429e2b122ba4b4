using Harmonia.Protocol.Configuration;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Configuration;

/// <summary>The keys whose signatures are trusted. Nix: src/libstore/keys.cc, getDefaultPublicKeys.</summary>
internal static class TrustedKeys
{
    /// <summary>Parses public keys and leaves out those that are not valid.</summary>
    /// <param name="texts">The keys as text.</param>
    /// <param name="reject">Gets what was expected. It does not get the text, which may be a secret key by mistake.</param>
    public static IReadOnlyList<PublicKey> Parse(IEnumerable<string> texts, Action<string> reject)
    {
        List<PublicKey> keys = [];
        foreach (string text in texts)
        {
            if (PublicKey.TryParse(text, out PublicKey? key))
            {
                keys.Add(key);
            }
            else
            {
                reject($"expected 'NAME:' and {PublicKey.ByteLength} bytes in base 64");
            }
        }

        return keys;
    }

    /// <summary>The public keys of secret keys: this machine trusts its own signatures. A file that cannot be used adds a warning.</summary>
    public static IReadOnlyList<PublicKey> OfSecretKeys(IReadOnlyList<string> files, List<string> warnings)
    {
        List<ConfigurationError> errors = [];
        List<PublicKey> keys = [];
        foreach (SecretKey secret in SigningKeyFiles.Read(files, credentialsDirectory: null, errors, warnings))
        {
            using (secret)
            {
                keys.Add(secret.PublicKey);
            }
        }

        warnings.AddRange(errors.Select(error => error.ToString()));
        return keys;
    }
}
