using System.Buffers.Binary;
using System.Security.Cryptography;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.NarInfo;

/// <summary>
/// A bucket of a <see cref="SignatureFile"/>: ten entries and unused bytes. An entry is the id of a signature, the signature, and a
/// checksum of both. An entry of zeros is free; one that was damaged, or written only in part, does not match its checksum.
/// </summary>
internal static class SignatureBucket
{
    /// <summary>The number of bytes. A bucket never lies on two pages of memory.</summary>
    public const int ByteLength = 1024;

    /// <summary>The number of entries.</summary>
    public const int Slots = 10;

    /// <summary>The number of bytes of an id. Nobody can make two texts with the same id.</summary>
    public const int IdLength = 24;

    /// <summary>The number of bytes of an entry.</summary>
    public const int EntryLength = ChecksumStart + ChecksumLength;

    private const int ChecksumStart = IdLength + Signature.ByteLength;
    private const int ChecksumLength = sizeof(ulong);

    // A bucket is selected by the bytes before these.
    private const int SlotBits = sizeof(ulong);

    /// <summary>The id of the signature of a text by a key.</summary>
    public static ReadOnlySpan<byte> IdOf(PublicKey key, ReadOnlySpan<byte> text) =>
        SHA256.HashData([.. key.Bytes, .. text]).AsSpan(0, IdLength);

    /// <summary>The entry of a signature.</summary>
    public static byte[] Entry(ReadOnlySpan<byte> id, Signature signature)
    {
        byte[] entry = new byte[EntryLength];
        id.CopyTo(entry);
        signature.Bytes.CopyTo(entry.AsSpan(IdLength));
        BinaryPrimitives.WriteUInt64LittleEndian(entry.AsSpan(ChecksumStart), ChecksumOf(entry));
        return entry;
    }

    /// <summary>Finds a signature.</summary>
    /// <param name="bucket">The bytes of the bucket, or the first of them if the file ends there.</param>
    /// <param name="id">Its id.</param>
    /// <param name="signature">Gets its bytes.</param>
    public static bool TryFind(ReadOnlySpan<byte> bucket, ReadOnlySpan<byte> id, Span<byte> signature)
    {
        for (int slot = 0; slot < Slots && (slot + 1) * EntryLength <= bucket.Length; slot++)
        {
            ReadOnlySpan<byte> entry = bucket.Slice(slot * EntryLength, EntryLength);
            if (HasId(entry, id) && ChecksumOf(entry) == BinaryPrimitives.ReadUInt64LittleEndian(entry[ChecksumStart..]))
            {
                entry.Slice(IdLength, Signature.ByteLength).CopyTo(signature);
                return true;
            }
        }

        return false;
    }

    /// <summary>The slot for an entry: the one that has its id, else a free one, else one that its id selects.</summary>
    public static int SlotFor(ReadOnlySpan<byte> bucket, ReadOnlySpan<byte> id)
    {
        int? free = null;
        for (int slot = 0; slot < Slots; slot++)
        {
            ReadOnlySpan<byte> entry = bucket.Slice(slot * EntryLength, EntryLength);
            if (HasId(entry, id))
                return slot;
            if (free is null && !entry.ContainsAnyExcept((byte)0))
                free = slot;
        }

        return free ?? (int)(BinaryPrimitives.ReadUInt64LittleEndian(id[SlotBits..]) % Slots);
    }

    private static bool HasId(ReadOnlySpan<byte> entry, ReadOnlySpan<byte> id) => entry[..IdLength].SequenceEqual(id);

    private static ulong ChecksumOf(ReadOnlySpan<byte> entry)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(entry[..ChecksumStart], hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }
}
