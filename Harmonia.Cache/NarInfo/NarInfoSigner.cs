using Harmonia.Protocol.Store;

namespace Harmonia.Cache.NarInfo;

/// <summary>
/// Puts the signatures of a path together: those of the database that can be read, and one of each key of ours, without doubles.
/// Owned by the process together with its keys, which must outlive it.
/// </summary>
public sealed class NarInfoSigner(StoreDirectory storeDirectory, IReadOnlyList<SecretKey> keys)
{
    private static readonly Comparer<Signature> ByNameThenBytes = Comparer<Signature>.Create(static (left, right) =>
    {
        int byName = string.CompareOrdinal(left.KeyName, right.KeyName);
        return byName != 0 ? byName : left.Bytes.SequenceCompareTo(right.Bytes);
    });

    /// <summary>The signatures are sorted by key name, then by their bytes.</summary>
    public SignedPathInfo Sign(ValidPathInfo path)
    {
        var signatures = new SortedSet<Signature>(ByNameThenBytes);
        // Nix refuses a whole narinfo for one signature that it cannot parse, and old databases hold such text.
        foreach (string text in path.Info.Signatures)
        {
            if (Signature.TryParse(text, out Signature? signature))
                signatures.Add(signature);
        }

        if (keys.Count > 0)
        {
            byte[] fingerprint = Fingerprint.Of(storeDirectory, path);
            foreach (SecretKey key in keys)
                signatures.Add(key.Sign(fingerprint));
        }

        return new SignedPathInfo { StoreDirectory = storeDirectory, Path = path, Signatures = [.. signatures] };
    }
}
