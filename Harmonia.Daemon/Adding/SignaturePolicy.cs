using Harmonia.Daemon.Database;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Adding;

/// <summary>
/// Which paths untrusted clients may add: content-addressed paths, and paths that a trusted key has signed.
/// Nix: src/libstore/local-store.cc, LocalStore::pathInfoIsUntrusted; src/libstore/path-info.cc, ValidPathInfo::checkSignatures.
/// </summary>
/// <param name="requireSignatures">Nix's require-sigs.</param>
/// <param name="keys">Nix's trusted-public-keys.</param>
internal sealed class SignaturePolicy(bool requireSignatures, IReadOnlyList<PublicKey> keys)
{
    /// <summary>Checks a path.</summary>
    /// <exception cref="RefusedException">The path needs a signature by a trusted key and has none.</exception>
    public void Require(StoreDirectory directory, ValidPathInfo info)
    {
        if (requireSignatures
            && !StorePathComputation.IsContentAddressed(directory, info)
            && (info.Info.NarSize == 0 || !IsSigned(Fingerprint.Of(directory, info), info.Info.Signatures)))
        {
            throw new RefusedException($"cannot add path '{directory.Print(info.Path)}' because it lacks a signature by a trusted key");
        }
    }

    /// <summary>Checks a realisation.</summary>
    /// <param name="id">The output's ID.</param>
    /// <param name="fingerprint">The bytes that are signed.</param>
    /// <param name="signatures">The signatures as text.</param>
    /// <exception cref="RefusedException">The realisation needs a signature by a trusted key and has none.</exception>
    public void Require(string id, byte[] fingerprint, IReadOnlyList<string> signatures)
    {
        if (requireSignatures && !IsSigned(fingerprint, signatures))
        {
            throw new RefusedException($"cannot register realisation '{id}' because it lacks a signature by a trusted key");
        }
    }

    private bool IsSigned(byte[] fingerprint, IReadOnlyList<string> signatures) => signatures.Any(
        text => Signature.TryParse(text, out Signature? signature) && keys.Any(key => key.Verify(fingerprint, signature)));
}
