using System.Buffers.Binary;
using System.Text;
using Harmonia.Cache.Http;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.NarInfo;

/// <summary>
/// The keys that sign at the moment, and what they add to the record of a path: the number of the keys, the digest of the narinfo, and for each
/// signature the index of its key and its bytes, in the order of narinfos.
/// </summary>
public sealed class SigningKeys
{
    private const int DigestStart = sizeof(ushort);
    private const int SignaturesStart = DigestStart + EntityTag.DigestLength;
    private const int SignatureStart = sizeof(ushort);
    private const int EntryLength = SignatureStart + Signature.ByteLength;

    private readonly ushort _number;
    private readonly byte[][] _names;

    /// <param name="keys">The keys; they must outlive this.</param>
    /// <param name="number">Differs from that of the keys before; not zero.</param>
    public SigningKeys(IReadOnlyList<SecretKey> keys, ushort number)
    {
        (Keys, _number) = (keys, number);
        _names = [.. keys.Select(static key => Encoding.UTF8.GetBytes(key.Name))];
    }

    /// <summary>The keys.</summary>
    public IReadOnlyList<SecretKey> Keys { get; }

    /// <summary>The keys after these.</summary>
    public SigningKeys Replace(IReadOnlyList<SecretKey> keys) => new(keys, _number == ushort.MaxValue ? (ushort)1 : (ushort)(_number + 1));

    /// <summary>Whether these keys have made an attachment.</summary>
    public bool Made(ReadOnlySpan<byte> attachment) => attachment.Length >= SignaturesStart && BinaryPrimitives.ReadUInt16LittleEndian(attachment) == _number;

    /// <summary>The digest of the narinfo without a stored NAR.</summary>
    public static ReadOnlySpan<byte> DigestIn(ReadOnlySpan<byte> attachment) => attachment.Slice(DigestStart, EntityTag.DigestLength);

    /// <summary>The signatures.</summary>
    public static ReadOnlySpan<byte> SignaturesIn(ReadOnlySpan<byte> attachment) => attachment[SignaturesStart..];

    /// <summary>The name of the key of the first of these signatures.</summary>
    public ReadOnlySpan<byte> NameIn(ReadOnlySpan<byte> signatures) => _names[BinaryPrimitives.ReadUInt16LittleEndian(signatures)];

    /// <summary>The bytes of the first of these signatures.</summary>
    public static ReadOnlySpan<byte> SignatureIn(ReadOnlySpan<byte> signatures) => signatures[SignatureStart..EntryLength];

    /// <summary>These signatures without the first.</summary>
    public static ReadOnlySpan<byte> After(ReadOnlySpan<byte> signatures) => signatures[EntryLength..];

    /// <summary>Whether the first of these signatures comes before another one: by the name of the key, then by the bytes.</summary>
    public bool IsBefore(ReadOnlySpan<byte> signatures, ReadOnlySpan<byte> key, ReadOnlySpan<byte> signature)
    {
        int order = NameIn(signatures).SequenceCompareTo(key);
        return order < 0 || (order == 0 && SignatureIn(signatures).SequenceCompareTo(signature) < 0);
    }

    /// <summary>Makes an attachment, without the digest.</summary>
    /// <param name="signatures">Signatures by these keys, by the name of the key, then by the bytes.</param>
    public byte[] Attach(IReadOnlyList<Signature> signatures)
    {
        byte[] attachment = new byte[SignaturesStart + signatures.Count * EntryLength];
        BinaryPrimitives.WriteUInt16LittleEndian(attachment, _number);
        Span<byte> entry = attachment.AsSpan(SignaturesStart);
        foreach (Signature signature in signatures)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(entry, IndexOf(signature.KeyName));
            signature.Bytes.CopyTo(entry[SignatureStart..]);
            entry = entry[EntryLength..];
        }

        return attachment;
    }

    /// <summary>Adds the digest of the narinfo to an attachment.</summary>
    public static void SetDigest(byte[] attachment, ReadOnlySpan<byte> narInfo) =>
        EntityTag.Digest(narInfo, attachment.AsSpan(DigestStart, EntityTag.DigestLength));

    private ushort IndexOf(string name)
    {
        for (int i = 0; i < Keys.Count; i++)
        {
            if (Keys[i].Name == name)
                return (ushort)i;
        }

        throw new ArgumentException($"No key is called {name}.", nameof(name));
    }
}
