using System.Buffers;
using Harmonia.Cache.Catalog;
using Harmonia.Cache.Configuration;
using Harmonia.Cache.Http;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.NarInfo;

/// <summary>
/// Signs paths with our keys, for their narinfos and for what is remembered of them. The keys must outlive it.
/// </summary>
/// <param name="storeDirectory">The prefix of the paths.</param>
/// <param name="keys">The keys that sign.</param>
/// <param name="policy">The paths that they sign.</param>
/// <param name="kept">The signatures that were made before; null to make each anew.</param>
public sealed class NarInfoSigner(
    StoreDirectory storeDirectory, IReadOnlyList<SecretKey> keys, SignPolicy policy = SignPolicy.All, KeptSignatures? kept = null) : IPathAttachments
{
    // With ten references.
    private const int UsualLength = 2048;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _text;

    private readonly NarInfoText _plain = new(storeDirectory, offersZstd: false);
    private volatile SigningKeys _current = new(keys, 1);
    private long _made;
    private long _found;

    /// <summary>The keys that sign.</summary>
    public SigningKeys Current => _current;

    /// <summary>The keys that sign.</summary>
    public IReadOnlyList<SecretKey> Keys => _current.Keys;

    /// <summary>How many signatures were made.</summary>
    public long Made => Interlocked.Read(ref _made);

    /// <summary>How many signatures were needed that were made before.</summary>
    public long Found => Interlocked.Read(ref _found);

    /// <summary>Replaces the keys. Signatures by the old ones are kept no longer.</summary>
    public void Replace(IReadOnlyList<SecretKey> keys)
    {
        _current = _current.Replace(keys);
        kept?.Use(keys);
    }

    /// <summary>
    /// Signs a path. Its signatures are those of the database that can be parsed, and one from each of our keys, without duplicates, sorted
    /// by the name of the key, then by their bytes. They hold for every compression.
    /// </summary>
    public SignedNarInfo Sign(ValidPathInfo path)
    {
        List<Signature> signatures = [.. OfDatabase(path), .. Ours(path, _current)];
        signatures.Sort(PathRecordWriter.CompareSignatures);
        return new SignedNarInfo
        {
            StoreDirectory = storeDirectory,
            Path = path,
            Signatures = signatures,
            Url = NarUrl.Of(path),
            FileHash = path.Info.NarHash,
            FileSize = path.Info.NarSize,
        };
    }

    /// <summary>Signs another text about a path.</summary>
    /// <param name="fingerprint">The text that is signed.</param>
    /// <param name="isUltimate">Whether the path was built here.</param>
    public IEnumerable<Signature> Sign(byte[] fingerprint, bool isUltimate) =>
        IsSigned(isUltimate) ? Keys.Select(key => Sign(key, fingerprint)) : [];

    /// <inheritdoc/>
    public bool Hold(ReadOnlySpan<byte> attachment) => _current.Made(attachment);

    /// <inheritdoc/>
    public byte[] Make(ValidPathInfo path, PathRecord record)
    {
        // Read once: if a reload replaces them meanwhile, the attachment does not hold.
        SigningKeys current = _current;
        // A path without a size has no narinfo: its fingerprint can't be signed.
        byte[] attachment = current.Attach(path.Info.NarSize == 0 ? [] : Ours(path, current));
        ArrayBufferWriter<byte> text = _text ??= new ArrayBufferWriter<byte>(UsualLength);
        text.ResetWrittenCount();
        _plain.Write(text, record.With(attachment), current, stored: null);
        SigningKeys.SetDigest(attachment, text.WrittenSpan);
        return attachment;
    }

    // Nix refuses a whole narinfo if it can't parse one signature, and old databases have such signatures.
    private static List<Signature> OfDatabase(ValidPathInfo path)
    {
        List<Signature> signatures = [];
        foreach (string text in path.Info.Signatures)
        {
            if (Signature.TryParse(text, out Signature? signature) && !signatures.Contains(signature))
                signatures.Add(signature);
        }

        return signatures;
    }

    private List<Signature> Ours(ValidPathInfo path, SigningKeys current)
    {
        List<Signature> ours = [];
        if (current.Keys.Count == 0 || !IsSigned(path.Info.Ultimate))
            return ours;
        byte[] fingerprint = Fingerprint.Of(storeDirectory, path);
        List<Signature> known = OfDatabase(path);
        foreach (SecretKey key in current.Keys)
        {
            Signature signature = Sign(key, fingerprint);
            if (!known.Contains(signature) && !ours.Contains(signature))
                ours.Add(signature);
        }

        ours.Sort(PathRecordWriter.CompareSignatures);
        return ours;
    }

    private Signature Sign(SecretKey key, byte[] fingerprint)
    {
        bool isKept = false;
        Signature signature = kept is null ? key.Sign(fingerprint) : kept.Sign(key, fingerprint, out isKept);
        Interlocked.Increment(ref isKept ? ref _found : ref _made);
        return signature;
    }

    private bool IsSigned(bool isUltimate) => policy == SignPolicy.All || (policy == SignPolicy.Ultimate && isUltimate);
}
