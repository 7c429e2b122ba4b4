using System.Buffers;
using System.Text;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Catalog;

/// <summary>Writes the bytes that <see cref="PathRecord"/> reads.</summary>
internal static class PathRecordWriter
{
    private const int MaxVarint = 10;

    // A name of a path is ASCII and shorter. Nix does not limit that of a key.
    private const int MaxName = 3 * MaxKeyName;
    private const int MaxKeyName = 255;

    /// <summary>Writes what the daemon says of a path, except for its hash part.</summary>
    /// <param name="output">Gets the bytes.</param>
    /// <param name="path">The path.</param>
    /// <param name="names">Gives names numbers.</param>
    public static void Write(ArrayBufferWriter<byte> output, ValidPathInfo path, BaseNames names)
    {
        UnkeyedValidPathInfo info = path.Info;
        int itself = IndexOfItself(path);
        bool isNamedAfter = info.Deriver is { } deriver && PathRecord.IsNamedAfter(deriver, path.Path);
        PathRecordFlags flags = (info.Ultimate ? PathRecordFlags.Ultimate : PathRecordFlags.None)
            | (itself >= 0 ? PathRecordFlags.RefersToItself : PathRecordFlags.None)
            | (info.Deriver is not null ? PathRecordFlags.HasDeriver : PathRecordFlags.None)
            | (isNamedAfter ? PathRecordFlags.DeriverHasName : PathRecordFlags.None)
            | (info.ContentAddress is not null ? PathRecordFlags.HasContentAddress : PathRecordFlags.None)
            | (names.IsOdd ? PathRecordFlags.OddNames : PathRecordFlags.None);
        List<(Signature? Signature, string Text)> signatures = InOrder(info.Signatures);
        int references = info.References.Count - (itself >= 0 ? 1 : 0);
        Write(output, [(byte)flags]);
        Write(output, (ulong)(1 + references + signatures.Count));

        // All numbers first, so that they can be replaced without reading the rest. What has none stands in the rest.
        int number = output.WrittenCount;
        WriteNumbers(output, path, itself, signatures, names);
        if (!HasNumber(output, ref number))
            WriteText(output, path.Path.Name);
        Span<byte> hash = stackalloc byte[NarHash.ByteLength];
        info.NarHash.CopyTo(hash);
        Write(output, hash);
        Write(output, info.NarSize);
        Write(output, info.RegistrationTime);
        if (info.Deriver is not null)
        {
            Write(output, info.Deriver.Hash);
            if (isNamedAfter)
                Write(output, (ulong)PathRecord.StemOf(info.Deriver).Length);
            else
                WriteText(output, info.Deriver.Name);
        }

        if (itself >= 0)
            Write(output, (ulong)itself);
        Write(output, (ulong)references);
        for (int i = 0; i < info.References.Count; i++)
        {
            if (i == itself || HasNumber(output, ref number))
                continue;
            Write(output, info.References[i].Hash);
            WriteText(output, info.References[i].Name);
        }

        Write(output, (ulong)signatures.Count);
        foreach ((Signature? signature, string text) in signatures)
        {
            if (!HasNumber(output, ref number))
                WriteText(output, signature?.KeyName);
            if (signature is not null)
                Write(output, signature.Bytes);
            else
                WriteText(output, text);
        }

        if (info.ContentAddress is not null)
            WriteText(output, info.ContentAddress.ToString());
    }

    /// <summary>The record that <see cref="CachingCatalog"/> remembers: the length of the attachment, what the daemon says, and the attachment.</summary>
    public static byte[] Join(ReadOnlySpan<byte> info, ReadOnlySpan<byte> attachment)
    {
        Span<byte> length = stackalloc byte[MaxVarint];
        length = length[..EncodeVarint((ulong)attachment.Length, length)];
        byte[] record = new byte[length.Length + info.Length + attachment.Length];
        length.CopyTo(record);
        info.CopyTo(record.AsSpan(length.Length));
        attachment.CopyTo(record.AsSpan(length.Length + info.Length));
        return record;
    }

    /// <summary>
    /// Replaces the numbers in what <see cref="Join"/> has made by those of the next table. False if there is no room for a name; the record
    /// can't be read any more then.
    /// </summary>
    public static bool TryRenumber(Span<byte> record, BaseNames from, BaseNames to)
    {
        ReadOnlySpan<byte> rest = record;
        PathRecord.TakeNumber(ref rest);
        record[^rest.Length] ^= (byte)PathRecordFlags.OddNames;
        rest = rest[1..];
        int count = (int)PathRecord.TakeNumber(ref rest);
        Span<byte> numbers = record.Slice(record.Length - rest.Length, count * BaseNames.NumberLength);
        for (; !numbers.IsEmpty; numbers = numbers[BaseNames.NumberLength..])
        {
            int number = BaseNames.NumberAt(numbers);
            if (number == BaseNames.None)
                continue;
            from.Read(number, out ReadOnlySpan<byte> hash, out ReadOnlySpan<byte> name);
            number = to.NumberOf(StorePathHash.FromBytes(hash), name);
            if (number == BaseNames.None)
                return false;
            BaseNames.PutNumber(numbers, number);
        }

        return true;
    }

    /// <summary>The order of signatures in a narinfo: by the name of the key, then by the bytes.</summary>
    public static int CompareSignatures(Signature left, Signature right)
    {
        int byName = string.CompareOrdinal(left.KeyName, right.KeyName);
        return byName != 0 ? byName : left.Bytes.SequenceCompareTo(right.Bytes);
    }

    // Old databases have text that is no signature. It comes last, and is kept as it is.
    private static List<(Signature? Signature, string Text)> InOrder(IReadOnlyList<string> texts)
    {
        List<(Signature? Signature, string Text)> signatures = new(texts.Count);
        foreach (string text in texts)
            signatures.Add((Signature.TryParse(text, out Signature? signature) ? signature : null, text));
        signatures.Sort(static (left, right) => (left.Signature, right.Signature) switch
        {
            ({ } one, { } other) => CompareSignatures(one, other),
            (null, null) => string.CompareOrdinal(left.Text, right.Text),
            (null, _) => 1,
            _ => -1,
        });
        return signatures;
    }

    private static int IndexOfItself(ValidPathInfo path)
    {
        for (int i = 0; i < path.Info.References.Count; i++)
        {
            if (path.Info.References[i] == path.Path)
                return i;
        }

        return -1;
    }

    // Of the path, its references, and the keys of its signatures. Most paths are asked for after one that refers to them; else the own name
    // stands in the record, and a path that nothing refers to takes no room in the table.
    private static void WriteNumbers(
        ArrayBufferWriter<byte> output, ValidPathInfo path, int itself, List<(Signature? Signature, string Text)> signatures, BaseNames names)
    {
        Span<byte> room = stackalloc byte[MaxName];
        WriteNameNumber(output, names.Find(path.Path.Hash, Encode(path.Path.Name, room)));
        for (int i = 0; i < path.Info.References.Count; i++)
        {
            StorePath reference = path.Info.References[i];
            if (i != itself)
                WriteNameNumber(output, names.NumberOf(reference.Hash, Encode(reference.Name, room)));
        }

        foreach ((Signature? signature, _) in signatures)
        {
            bool hasNumber = signature is { KeyName.Length: <= MaxKeyName };
            WriteNameNumber(output, hasNumber ? names.NumberOf(Encode(signature!.KeyName, room)) : BaseNames.None);
        }
    }

    private static ReadOnlySpan<byte> Encode(ReadOnlySpan<char> name, Span<byte> room) => room[..Encoding.UTF8.GetBytes(name, room)];

    private static bool HasNumber(ArrayBufferWriter<byte> output, ref int at)
    {
        at += BaseNames.NumberLength;
        return BaseNames.NumberAt(output.WrittenSpan[(at - BaseNames.NumberLength)..]) != BaseNames.None;
    }

    private static void WriteNameNumber(ArrayBufferWriter<byte> output, int number)
    {
        BaseNames.PutNumber(output.GetSpan(BaseNames.NumberLength), number);
        output.Advance(BaseNames.NumberLength);
    }

    private static void Write(ArrayBufferWriter<byte> output, StorePathHash hash)
    {
        hash.CopyTo(output.GetSpan(StorePathHash.ByteLength));
        output.Advance(StorePathHash.ByteLength);
    }

    private static void WriteText(ArrayBufferWriter<byte> output, ReadOnlySpan<char> text)
    {
        Write(output, (ulong)Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, output);
    }

    private static void Write(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> bytes) => output.Write(bytes);

    private static void Write(ArrayBufferWriter<byte> output, ulong value) => output.Advance(EncodeVarint(value, output.GetSpan(MaxVarint)));

    private static int EncodeVarint(ulong value, Span<byte> room)
    {
        int length = 0;
        for (; value >= 0x80; value >>= 7)
            room[length++] = (byte)(value | 0x80);
        room[length++] = (byte)value;
        return length;
    }
}
