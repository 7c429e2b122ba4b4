using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Harmonia.Cache.Catalog;
using Harmonia.Cache.NarCache;
using Harmonia.Protocol.Primitives;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.NarInfo;

/// <summary>
/// Writes narinfos as clients read them. The order is that of Nix (src/libstore/nar-info.cc, NarInfo::to_string). Nix's reader skips exactly
/// one character after each colon and wants a line feed at the end of every line, so <c>References: </c> keeps its blank when there
/// are none.
/// </summary>
/// <param name="storeDirectory">The store directory that clients know.</param>
/// <param name="offersZstd">Whether NARs are offered compressed, where that is worth it.</param>
public sealed class NarInfoText(StoreDirectory storeDirectory, bool offersZstd)
{
    private const int MaxDigits = 20;

    private readonly byte[] _prefix = Encoding.UTF8.GetBytes($"StorePath: {storeDirectory.Path}/");

    /// <summary>Writes a narinfo.</summary>
    /// <param name="output">Gets the text.</param>
    /// <param name="record">The path, and its signatures by these keys.</param>
    /// <param name="keys">The keys that sign.</param>
    /// <param name="stored">The stored form of its NAR; null if there is none.</param>
    /// <returns>Where in the text the URL is.</returns>
    public Range Write(ArrayBufferWriter<byte> output, PathRecord record, SigningKeys keys, StoredNar? stored)
    {
        output.Write(_prefix);
        AddPath(output, record.HashBytes, record.Name);
        output.Write("\nURL: "u8);
        int urlStart = output.WrittenCount;
        output.Write("nar/"u8);
        AddBase32(output, record.HashBytes);
        output.Write("-"u8);
        AddBase32(output, record.NarHashBytes);
        // A URL stays valid as long as the path is: a stored file that is gone by then is made again.
        bool isZstd = offersZstd && stored is not { IsIncompressible: true };
        output.Write(isZstd ? ".nar.zst"u8 : ".nar"u8);
        Range url = urlStart..output.WrittenCount;
        output.Write(isZstd ? "\nCompression: zstd"u8 : "\nCompression: none"u8);
        if (!isZstd)
            AddFile(output, record.NarHashBytes, record.NarSize);
        else if (stored?.FileHash is { } fileHash)
            AddFile(output, BytesOf(fileHash), (ulong)stored.Size);
        output.Write("\nNarHash: sha256:"u8);
        AddBase32(output, record.NarHashBytes);
        output.Write("\nNarSize: "u8);
        AddNumber(output, record.NarSize);
        AddReferences(output, ref record);
        if (record.HasDeriver)
        {
            output.Write("\nDeriver: "u8);
            AddPath(output, record.DeriverHash, record.DeriverName);
            Encoding.UTF8.GetBytes(record.DeriverSuffix, output);
        }

        AddSignatures(output, ref record, keys);
        ReadOnlySpan<byte> address = record.ReadContentAddress();
        if (!address.IsEmpty)
        {
            output.Write("\nCA: "u8);
            output.Write(address);
        }

        output.Write("\n"u8);
        return url;
    }

    private static void AddReferences(ArrayBufferWriter<byte> output, ref PathRecord record)
    {
        output.Write("\nReferences: "u8);
        bool isFirst = true;
        while (record.NextReference(out ReadOnlySpan<byte> hash, out ReadOnlySpan<byte> name))
        {
            if (!isFirst)
                output.Write(" "u8);
            isFirst = false;
            AddPath(output, hash, name);
        }
    }

    // Both lists are in the same order.
    private static void AddSignatures(ArrayBufferWriter<byte> output, ref PathRecord record, SigningKeys keys)
    {
        ReadOnlySpan<byte> ours = SigningKeys.SignaturesIn(record.Attachment);
        while (record.NextSignature(out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> signature))
        {
            // Nix refuses a whole narinfo if it can't parse one signature, and old databases have such signatures.
            if (key.IsEmpty)
                continue;

            while (!ours.IsEmpty && keys.IsBefore(ours, key, signature))
                AddOurs(output, ref ours, keys);
            AddSignature(output, key, signature);
        }

        while (!ours.IsEmpty)
            AddOurs(output, ref ours, keys);
    }

    private static void AddOurs(ArrayBufferWriter<byte> output, ref ReadOnlySpan<byte> ours, SigningKeys keys)
    {
        AddSignature(output, keys.NameIn(ours), SigningKeys.SignatureIn(ours));
        ours = SigningKeys.After(ours);
    }

    private static void AddSignature(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> key, ReadOnlySpan<byte> signature)
    {
        output.Write("\nSig: "u8);
        output.Write(key);
        output.Write(":"u8);
        Base64.EncodeToUtf8(signature, output.GetSpan(Base64.GetMaxEncodedToUtf8Length(signature.Length)), out _, out int written);
        output.Advance(written);
    }

    private static void AddFile(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> hash, ulong size)
    {
        output.Write("\nFileHash: sha256:"u8);
        AddBase32(output, hash);
        output.Write("\nFileSize: "u8);
        AddNumber(output, size);
    }

    private static byte[] BytesOf(NarHash hash)
    {
        byte[] bytes = new byte[NarHash.ByteLength];
        hash.CopyTo(bytes);
        return bytes;
    }

    private static void AddPath(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> name)
    {
        AddBase32(output, hash);
        output.Write("-"u8);
        output.Write(name);
    }

    private static void AddBase32(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> bytes)
    {
        int length = NixBase32.EncodedLength(bytes.Length);
        NixBase32.Encode(bytes, output.GetSpan(length)[..length]);
        output.Advance(length);
    }

    private static void AddNumber(ArrayBufferWriter<byte> output, ulong value)
    {
        Utf8Formatter.TryFormat(value, output.GetSpan(MaxDigits), out int written);
        output.Advance(written);
    }
}
