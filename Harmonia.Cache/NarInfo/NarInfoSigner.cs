using Harmonia.Cache.Configuration;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.NarInfo;

/// <summary>
/// Puts the signatures of a path together: those of the database that can be read, and one of each key of ours, without doubles.
/// Owned by the process together with its keys, which must outlive it.
/// </summary>
public sealed class NarInfoSigner(StoreDirectory storeDirectory, IReadOnlyList<SecretKey> keys, SignPolicy policy = SignPolicy.All)
{
    private volatile IReadOnlyList<SecretKey> _keys = keys;

    private static readonly Comparer<Signature> ByNameThenBytes = Comparer<Signature>.Create(static (left, right) =>
    {
        int byName = string.CompareOrdinal(left.KeyName, right.KeyName);
        return byName != 0 ? byName : left.Bytes.SequenceCompareTo(right.Bytes);
    });

    /// <summary>The keys that sign.</summary>
    public IReadOnlyList<SecretKey> Keys => _keys;

    /// <summary>Signs with other keys from now on.</summary>
    public void Replace(IReadOnlyList<SecretKey> keys) => _keys = keys;

    /// <summary>The signatures are sorted by key name, then by their bytes. They hold for the NAR however it is offered.</summary>
    public SignedPathInfo Sign(ValidPathInfo path)
    {
        SortedSet<Signature> signatures = new(ByNameThenBytes);
        // Nix refuses a whole narinfo for one signature that it cannot parse, and old databases hold such text.
        foreach (string text in path.Info.Signatures)
        {
            if (Signature.TryParse(text, out Signature? signature))
                signatures.Add(signature);
        }

        IReadOnlyList<SecretKey> current = _keys;
        if (current.Count > 0 && IsSigned(path.Info.Ultimate))
        {
            byte[] fingerprint = Fingerprint.Of(storeDirectory, path);
            foreach (SecretKey key in current)
                signatures.Add(key.Sign(fingerprint));
        }

        return new SignedPathInfo { StoreDirectory = storeDirectory, Path = path, Signatures = [.. signatures], Offer = NarOffer.Plain(path) };
    }

    /// <summary>Our signatures of what else is said about a path.</summary>
    /// <param name="fingerprint">The text that is signed.</param>
    /// <param name="isUltimate">Whether the path was built here.</param>
    public IEnumerable<Signature> Sign(byte[] fingerprint, bool isUltimate) =>
        IsSigned(isUltimate) ? _keys.Select(key => key.Sign(fingerprint)) : [];

    private bool IsSigned(bool isUltimate) => policy == SignPolicy.All || (policy == SignPolicy.Ultimate && isUltimate);
}
