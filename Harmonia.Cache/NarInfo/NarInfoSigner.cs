using Harmonia.Cache.Configuration;
using Harmonia.Cache.Http;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.NarInfo;

/// <summary>
/// Collects the signatures of a path: those of the database that can be parsed, and one from each of our keys, without duplicates.
/// The keys must outlive it.
/// </summary>
/// <param name="storeDirectory">The prefix of the paths.</param>
/// <param name="keys">The keys that sign.</param>
/// <param name="policy">The paths that they sign.</param>
/// <param name="kept">The signatures that were made before; null to make each anew.</param>
public sealed class NarInfoSigner(
    StoreDirectory storeDirectory, IReadOnlyList<SecretKey> keys, SignPolicy policy = SignPolicy.All, KeptSignatures? kept = null)
{
    private volatile IReadOnlyList<SecretKey> _keys = keys;
    private long _made;
    private long _found;

    private static readonly Comparer<Signature> ByNameThenBytes = Comparer<Signature>.Create(static (left, right) =>
    {
        int byName = string.CompareOrdinal(left.KeyName, right.KeyName);
        return byName != 0 ? byName : left.Bytes.SequenceCompareTo(right.Bytes);
    });

    /// <summary>The keys that sign.</summary>
    public IReadOnlyList<SecretKey> Keys => _keys;

    /// <summary>How many signatures were made.</summary>
    public long Made => Interlocked.Read(ref _made);

    /// <summary>How many signatures were needed that were made before.</summary>
    public long Found => Interlocked.Read(ref _found);

    /// <summary>Replaces the keys. Signatures by the old ones are kept no longer.</summary>
    public void Replace(IReadOnlyList<SecretKey> keys)
    {
        _keys = keys;
        kept?.Use(keys);
    }

    /// <summary>Signs a path. The signatures are sorted by key name, then by their bytes. They hold for every compression.</summary>
    public SignedNarInfo Sign(ValidPathInfo path)
    {
        SortedSet<Signature> signatures = new(ByNameThenBytes);
        // Nix refuses a whole narinfo if it can't parse one signature, and old databases have such signatures.
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
                signatures.Add(Sign(key, fingerprint));
        }

        return new SignedNarInfo
        {
            StoreDirectory = storeDirectory,
            Path = path,
            Signatures = [.. signatures],
            Url = NarUrl.Of(path),
            FileHash = path.Info.NarHash,
            FileSize = path.Info.NarSize,
        };
    }

    /// <summary>Signs another text about a path.</summary>
    /// <param name="fingerprint">The text that is signed.</param>
    /// <param name="isUltimate">Whether the path was built here.</param>
    public IEnumerable<Signature> Sign(byte[] fingerprint, bool isUltimate) =>
        IsSigned(isUltimate) ? _keys.Select(key => Sign(key, fingerprint)) : [];

    private Signature Sign(SecretKey key, byte[] fingerprint)
    {
        bool isKept = false;
        Signature signature = kept is null ? key.Sign(fingerprint) : kept.Sign(key, fingerprint, out isKept);
        Interlocked.Increment(ref isKept ? ref _found : ref _made);
        return signature;
    }

    private bool IsSigned(bool isUltimate) => policy == SignPolicy.All || (policy == SignPolicy.Ultimate && isUltimate);
}
