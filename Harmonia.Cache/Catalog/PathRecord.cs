using System.Text;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Catalog;

/// <summary>
/// What is remembered of a path, read from bytes: what the daemon says of it, and what narinfos add. It is valid as long as the bytes are.
/// The references, the signatures and the content address are read once, in this order.
/// </summary>
public ref struct PathRecord
{
    private const string DerivationSuffix = ".drv";

    private readonly PathRecordFlags _flags;
    private readonly NameTable _names;
    private ReadOnlySpan<byte> _bytes;
    private bool _isItselfDue;
    private int _references;
    private int _signatures;

    /// <param name="info">Bytes that <see cref="PathRecordWriter"/> has written.</param>
    /// <param name="attachment">What narinfos add.</param>
    /// <param name="names">The names that the bytes refer to.</param>
    internal PathRecord(ReadOnlySpan<byte> info, ReadOnlySpan<byte> attachment, NameTable names)
    {
        Attachment = attachment;
        _flags = (PathRecordFlags)info[0];
        _names = names;
        _bytes = info[1..];
        HashBytes = Take(StorePathHash.ByteLength);
        Name = TakeName();
        NarHashBytes = Take(Protocol.Store.NarHash.ByteLength);
        NarSize = TakeNumber();
        RegistrationTime = TakeNumber();
        if (HasDeriver)
        {
            DeriverHash = Take(StorePathHash.ByteLength);
            bool hasName = _flags.HasFlag(PathRecordFlags.DeriverHasName);
            DeriverName = hasName ? Name : TakeName();
            DeriverSuffix = hasName ? DerivationSuffix : "";
        }

        _isItselfDue = _flags.HasFlag(PathRecordFlags.RefersToItself);
        _references = (int)TakeNumber();
    }

    /// <summary>Whether there is a path. If not, nothing else may be asked.</summary>
    public readonly bool Exists => !HashBytes.IsEmpty;

    /// <summary>What narinfos add; zeros before they have.</summary>
    public ReadOnlySpan<byte> Attachment { readonly get; private set; }

    /// <summary>The hash part of the path.</summary>
    public readonly ReadOnlySpan<byte> HashBytes { get; }

    /// <summary>The name of the path, after the dash.</summary>
    public readonly ReadOnlySpan<byte> Name { get; }

    /// <summary>The hash of the NAR.</summary>
    public readonly ReadOnlySpan<byte> NarHashBytes { get; }

    /// <summary>The hash of the NAR.</summary>
    public readonly NarHash NarHash => NarHash.FromBytes(NarHashBytes);

    /// <summary>The size of the NAR in bytes; 0 if unknown.</summary>
    public readonly ulong NarSize { get; }

    /// <summary>When the path became valid, in Unix seconds; 0 if unknown.</summary>
    public readonly ulong RegistrationTime { get; }

    /// <summary>Whether the path was built on this machine.</summary>
    public readonly bool IsUltimate => _flags.HasFlag(PathRecordFlags.Ultimate);

    /// <summary>Whether the path has a derivation.</summary>
    public readonly bool HasDeriver => _flags.HasFlag(PathRecordFlags.HasDeriver);

    /// <summary>The hash part of the derivation.</summary>
    public readonly ReadOnlySpan<byte> DeriverHash { get; }

    /// <summary>The name of the derivation, without <see cref="DeriverSuffix"/>.</summary>
    public readonly ReadOnlySpan<byte> DeriverName { get; }

    /// <summary>The end of the name of the derivation.</summary>
    public readonly string DeriverSuffix { get; } = "";

    /// <summary>The same with another attachment.</summary>
    public readonly PathRecord With(ReadOnlySpan<byte> attachment)
    {
        PathRecord other = this;
        other.Attachment = attachment;
        return other;
    }

    /// <summary>Whether a derivation has the name of the path and <c>.drv</c>, as nearly all have.</summary>
    internal static bool IsNamedAfter(StorePath deriver, StorePath path) =>
        deriver.IsDerivation && deriver.Name[..^DerivationSuffix.Length].SequenceEqual(path.Name);

    /// <summary>The next reference, in the order of base names.</summary>
    public bool NextReference(out ReadOnlySpan<byte> hash, out ReadOnlySpan<byte> name)
    {
        hash = _references > 0 ? _bytes[..StorePathHash.ByteLength] : default;
        name = default;
        if (_isItselfDue && (_references == 0 || IsBefore(HashBytes, hash)))
        {
            _isItselfDue = false;
            hash = HashBytes;
            name = Name;
            return true;
        }

        if (_references == 0)
        {
            _signatures = (int)TakeNumber();
            return false;
        }

        _references--;
        Take(StorePathHash.ByteLength);
        name = TakeName();
        return true;
    }

    /// <summary>The next signature of the database, in the order of <see cref="PathRecordWriter.CompareSignatures"/>.</summary>
    /// <param name="key">The name of the key; empty for text that is no signature or is written in an unusual way.</param>
    /// <param name="signature">The bytes of the signature, or that text.</param>
    public bool NextSignature(out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> signature)
    {
        key = default;
        signature = default;
        if (_signatures == 0)
            return false;
        _signatures--;
        key = TakeName();
        signature = key.IsEmpty ? TakeText() : Take(Signature.ByteLength);
        return true;
    }

    /// <summary>The content address as text; empty if there is none.</summary>
    public ReadOnlySpan<byte> ReadContentAddress() => _flags.HasFlag(PathRecordFlags.HasContentAddress) ? TakeText() : default;

    /// <summary>All that the daemon says of the path. Nothing may have been read before.</summary>
    public ValidPathInfo ToPathInfo()
    {
        List<StorePath> references = new(_references + 1);
        while (NextReference(out ReadOnlySpan<byte> hash, out ReadOnlySpan<byte> name))
            references.Add(PathOf(hash, name));
        List<string> signatures = new(_signatures);
        while (NextSignature(out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> signature))
            signatures.Add(key.IsEmpty ? Encoding.UTF8.GetString(signature) : $"{Encoding.UTF8.GetString(key)}:{Convert.ToBase64String(signature)}");
        ReadOnlySpan<byte> address = ReadContentAddress();
        return new ValidPathInfo
        {
            Path = PathOf(HashBytes, Name),
            Info = new UnkeyedValidPathInfo
            {
                Deriver = HasDeriver ? PathOf(DeriverHash, DeriverName, DeriverSuffix) : null,
                NarHash = NarHash,
                NarSize = NarSize,
                RegistrationTime = RegistrationTime,
                Ultimate = IsUltimate,
                References = references,
                Signatures = signatures,
                ContentAddress = address.IsEmpty ? null : ContentAddress.Parse(Encoding.UTF8.GetString(address)),
            },
        };
    }

    private static StorePath PathOf(ReadOnlySpan<byte> hash, ReadOnlySpan<byte> name, string suffix = "")
    {
        Span<char> text = stackalloc char[name.Length + suffix.Length];
        Encoding.UTF8.GetChars(name, text);
        suffix.CopyTo(text[name.Length..]);
        return new StorePath(StorePathHash.FromBytes(hash), text);
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        ReadOnlySpan<byte> taken = _bytes[..length];
        _bytes = _bytes[length..];
        return taken;
    }

    // Seven bits in a byte, the lowest first.
    private ulong TakeNumber()
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = Take(1)[0];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }
    }

    // Its number in the table, or the name itself.
    private ReadOnlySpan<byte> TakeName()
    {
        ulong number = TakeNumber();
        return (number & 1) == 0 ? _names[(int)(number >> 1)] : Take((int)(number >> 1));
    }

    // Behind its length.
    private ReadOnlySpan<byte> TakeText() => Take((int)TakeNumber());

    // Hash parts sort like their text, which begins with the last byte.
    private static bool IsBefore(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) =>
        StorePathHash.FromBytes(left).CompareTo(StorePathHash.FromBytes(right)) < 0;
}
