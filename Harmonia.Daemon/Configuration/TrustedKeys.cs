using Harmonia.Protocol.Configuration;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Configuration;

/// <summary>The keys whose signatures count. Nix: src/libstore/keys.cc, getDefaultPublicKeys.</summary>
internal static class TrustedKeys
{
    /// <summary>Reads public keys; those that can't be read are left out.</summary>
    /// <param name="texts">The keys as text.</param>
    /// <param name="reject">Told what was expected; the text itself is not repeated, since somebody may have put a secret key there.</param>
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

    /// <summary>The public halves of secret keys: what this machine has signed, it trusts. A file that can't be used is a warning.</summary>
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
