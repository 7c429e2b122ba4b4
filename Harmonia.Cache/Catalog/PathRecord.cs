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
    private readonly BaseNames _names;
    private ReadOnlySpan<byte> _numbers;
    private ReadOnlySpan<byte> _bytes;
    private int _untilItself = -1;
    private int _references;
    private int _signatures;

    /// <param name="hash">The hash part of the path.</param>
    /// <param name="info">Bytes that <see cref="PathRecordWriter"/> has written.</param>
    /// <param name="attachment">What narinfos add.</param>
    /// <param name="names">The names that the bytes refer to.</param>
    internal PathRecord(ReadOnlySpan<byte> hash, ReadOnlySpan<byte> info, ReadOnlySpan<byte> attachment, BaseNames names)
    {
        HashBytes = hash;
        Attachment = attachment;
        _flags = (PathRecordFlags)info[0];
        _names = names;
        _bytes = info[1..];
        _numbers = Take((int)TakeNumber() * BaseNames.NumberLength);
        Name = TakeName();
        NarHashBytes = Take(Protocol.Store.NarHash.ByteLength);
        NarSize = TakeNumber();
        RegistrationTime = TakeNumber();
        if (HasDeriver)
        {
            DeriverHash = Take(StorePathHash.ByteLength);
            bool hasName = Has(PathRecordFlags.DeriverHasName);
            DeriverName = hasName ? Name[..(int)TakeNumber()] : TakeText();
            DeriverSuffix = hasName ? DerivationSuffix : "";
        }

        if (Has(PathRecordFlags.RefersToItself))
            _untilItself = (int)TakeNumber();
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
    public readonly bool IsUltimate => Has(PathRecordFlags.Ultimate);

    /// <summary>Whether the path has a derivation.</summary>
    public readonly bool HasDeriver => Has(PathRecordFlags.HasDeriver);

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

    /// <summary>
    /// Whether a derivation has the beginning of the name of the path and <c>.drv</c>, as nearly all have: that of an output may go on.
    /// </summary>
    internal static bool IsNamedAfter(StorePath deriver, StorePath path) =>
        deriver.IsDerivation && path.Name.StartsWith(StemOf(deriver), StringComparison.Ordinal);

    /// <summary>The name of a derivation without its end.</summary>
    internal static ReadOnlySpan<char> StemOf(StorePath deriver) => deriver.Name[..^DerivationSuffix.Length];

    /// <summary>Whether the daemon says the same in another record. Nothing may have been read of either.</summary>
    public readonly bool SaysAs(PathRecord other)
    {
        PathRecord mine = this;
        if (((_flags ^ other._flags) & ~PathRecordFlags.OddNames) != PathRecordFlags.None || NarSize != other.NarSize || RegistrationTime != other.RegistrationTime
            || _references != other._references || _untilItself != other._untilItself || DeriverSuffix != other.DeriverSuffix
            || !HashBytes.SequenceEqual(other.HashBytes) || !Name.SequenceEqual(other.Name) || !NarHashBytes.SequenceEqual(other.NarHashBytes)
            || !DeriverHash.SequenceEqual(other.DeriverHash) || !DeriverName.SequenceEqual(other.DeriverName))
        {
            return false;
        }

        while (mine.NextReference(out ReadOnlySpan<byte> hash, out ReadOnlySpan<byte> name))
        {
            other.NextReference(out ReadOnlySpan<byte> otherHash, out ReadOnlySpan<byte> otherName);
            if (!hash.SequenceEqual(otherHash) || !name.SequenceEqual(otherName))
                return false;
        }

        other.NextReference(out _, out _);
        if (mine._signatures != other._signatures)
            return false;
        while (mine.NextSignature(out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> signature))
        {
            other.NextSignature(out ReadOnlySpan<byte> otherKey, out ReadOnlySpan<byte> otherSignature);
            if (!key.SequenceEqual(otherKey) || !signature.SequenceEqual(otherSignature))
                return false;
        }

        return mine.ReadContentAddress().SequenceEqual(other.ReadContentAddress());
    }

    /// <summary>Reads what <see cref="PathRecordWriter.Join"/> has made.</summary>
    internal static PathRecord Of(ReadOnlySpan<byte> hash, ReadOnlySpan<byte> joined, BaseNames names)
    {
        int attachment = (int)TakeNumber(ref joined);
        return new PathRecord(hash, joined[..^attachment], joined[^attachment..], names);
    }

    /// <summary>Whether the numbers in what <see cref="PathRecordWriter.Join"/> has made are those of an odd table.</summary>
    internal static bool HasOddNames(ReadOnlySpan<byte> joined)
    {
        TakeNumber(ref joined);
        return (joined[0] & (byte)PathRecordFlags.OddNames) != 0;
    }

    /// <summary>Takes a number from the front of some bytes: seven bits in a byte, the lowest first.</summary>
    internal static ulong TakeNumber(ref ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (int at = 0; ; at++)
        {
            value |= (ulong)(bytes[at] & 0x7f) << (7 * at);
            if (bytes[at] >= 0x80)
                continue;
            bytes = bytes[(at + 1)..];
            return value;
        }
    }

    /// <summary>The next reference, in the order of base names.</summary>
    public bool NextReference(out ReadOnlySpan<byte> hash, out ReadOnlySpan<byte> name)
    {
        if (_untilItself-- == 0)
        {
            hash = HashBytes;
            name = Name;
            return true;
        }

        if (_references == 0)
        {
            hash = name = default;
            _signatures = (int)TakeNumber();
            return false;
        }

        _references--;
        int number = TakeNameNumber();
        if (number != BaseNames.None)
        {
            _names.Read(number, out hash, out name);
        }
        else
        {
            hash = Take(StorePathHash.ByteLength);
            name = TakeText();
        }

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
    public ReadOnlySpan<byte> ReadContentAddress() => Has(PathRecordFlags.HasContentAddress) ? TakeText() : default;

    /// <summary>The path.</summary>
    public readonly StorePath ToPath() => PathOf(HashBytes, Name);

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
            Path = ToPath(),
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

    private readonly bool Has(PathRecordFlags flag) => (_flags & flag) == flag;

    private ReadOnlySpan<byte> Take(int length)
    {
        ReadOnlySpan<byte> taken = _bytes[..length];
        _bytes = _bytes[length..];
        return taken;
    }

    private ulong TakeNumber() => TakeNumber(ref _bytes);

    // From the table, or from here.
    private ReadOnlySpan<byte> TakeName()
    {
        int number = TakeNameNumber();
        if (number == BaseNames.None)
            return TakeText();
        _names.Read(number, out _, out ReadOnlySpan<byte> name);
        return name;
    }

    private int TakeNameNumber()
    {
        int number = BaseNames.NumberAt(_numbers);
        _numbers = _numbers[BaseNames.NumberLength..];
        return number;
    }

    // Behind its length.
    private ReadOnlySpan<byte> TakeText() => Take((int)TakeNumber());
}
