using Harmonia.Daemon.Database;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Adding;

/// <summary>
/// Which paths may come from just anybody: those whose content address makes them, and those that a trusted key has signed. Nix:
/// src/libstore/local-store.cc, LocalStore::pathInfoIsUntrusted; src/libstore/path-info.cc, ValidPathInfo::checkSignatures.
/// </summary>
/// <param name="requireSignatures">Nix's require-sigs.</param>
/// <param name="keys">Nix's trusted-public-keys.</param>
internal sealed class SignaturePolicy(bool requireSignatures, IReadOnlyList<PublicKey> keys)
{
    /// <exception cref="RefusedException">The path needs a signature and has none that counts.</exception>
    public void Require(StoreDirectory directory, ValidPathInfo info)
    {
        if (requireSignatures
            && !StorePathComputation.IsContentAddressed(directory, info)
            && (info.Info.NarSize == 0 || !IsSigned(Fingerprint.Of(directory, info), info.Info.Signatures)))
        {
            throw new RefusedException($"cannot add path '{directory.Print(info.Path)}' because it lacks a signature by a trusted key");
        }
    }

    /// <summary>The same for what an output was built to.</summary>
    /// <param name="id">How the output is called.</param>
    /// <param name="fingerprint">What is signed.</param>
    /// <param name="signatures">The signatures, as text.</param>
    /// <exception cref="RefusedException">It needs a signature and has none that counts.</exception>
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
