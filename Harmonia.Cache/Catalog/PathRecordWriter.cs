using System.Buffers;
using System.Text;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Catalog;

/// <summary>Writes the bytes that <see cref="PathRecord"/> reads.</summary>
internal static class PathRecordWriter
{
    private const int MaxVarint = 10;

    /// <summary>Writes what the daemon says of a path.</summary>
    /// <param name="output">Gets the bytes.</param>
    /// <param name="path">The path.</param>
    /// <param name="names">Gives names numbers.</param>
    public static void Write(ArrayBufferWriter<byte> output, ValidPathInfo path, NameTable names)
    {
        UnkeyedValidPathInfo info = path.Info;
        bool refersToItself = info.References.Contains(path.Path);
        bool hasOwnDerivation = info.Deriver is { } deriver && PathRecord.IsNamedAfter(deriver, path.Path);
        PathRecordFlags flags = (info.Ultimate ? PathRecordFlags.Ultimate : PathRecordFlags.None)
            | (refersToItself ? PathRecordFlags.RefersToItself : PathRecordFlags.None)
            | (info.Deriver is not null ? PathRecordFlags.HasDeriver : PathRecordFlags.None)
            | (hasOwnDerivation ? PathRecordFlags.DeriverHasName : PathRecordFlags.None)
            | (info.ContentAddress is not null ? PathRecordFlags.HasContentAddress : PathRecordFlags.None);
        Write(output, [(byte)flags]);
        Write(output, path.Path, names);
        Span<byte> hash = stackalloc byte[NarHash.ByteLength];
        info.NarHash.CopyTo(hash);
        Write(output, hash);
        Write(output, info.NarSize);
        Write(output, info.RegistrationTime);
        if (hasOwnDerivation)
            Write(output, info.Deriver!.Hash);
        else if (info.Deriver is not null)
            Write(output, info.Deriver, names);
        Write(output, (ulong)(info.References.Count - (refersToItself ? 1 : 0)));
        foreach (StorePath reference in info.References)
        {
            if (reference != path.Path)
                Write(output, reference, names);
        }

        Write(output, (ulong)info.Signatures.Count);
        foreach ((Signature? signature, string text) in InOrder(info.Signatures))
            Write(output, signature, text, names);
        if (info.ContentAddress is not null)
            WriteText(output, info.ContentAddress.ToString());
    }

    /// <summary>The order of signatures in a narinfo: by the name of the key, then by the bytes.</summary>
    public static int CompareSignatures(Signature left, Signature right)
    {
        int byName = string.CompareOrdinal(left.KeyName, right.KeyName);
        return byName != 0 ? byName : left.Bytes.SequenceCompareTo(right.Bytes);
    }

    // What is no signature comes last; of two texts for the same signature the usual one, which is longer, comes first.
    private static List<(Signature? Signature, string Text)> InOrder(IReadOnlyList<string> texts)
    {
        List<(Signature? Signature, string Text)> signatures = [.. texts.Select(static text => (Signature.TryParse(text, out Signature? signature) ? signature : null, text))];
        signatures.Sort(static (left, right) => (left.Signature, right.Signature) switch
        {
            ({ } one, { } other) => CompareSignatures(one, other) is var order and not 0 ? order : right.Text.Length.CompareTo(left.Text.Length),
            (null, null) => string.CompareOrdinal(left.Text, right.Text),
            (null, _) => 1,
            _ => -1,
        });
        return signatures;
    }

    // Old databases have text that is no signature, and signatures without padding. They are kept as they are.
    private static void Write(ArrayBufferWriter<byte> output, Signature? signature, string text, NameTable names)
    {
        if (signature?.ToString() == text)
        {
            WriteName(output, signature.KeyName, names);
            Write(output, signature.Bytes);
        }
        else
        {
            WriteName(output, "", names);
            WriteText(output, text);
        }
    }

    private static void Write(ArrayBufferWriter<byte> output, StorePath path, NameTable names)
    {
        Write(output, path.Hash);
        WriteName(output, path.Name, names);
    }

    private static void Write(ArrayBufferWriter<byte> output, StorePathHash hash)
    {
        hash.CopyTo(output.GetSpan(StorePathHash.ByteLength));
        output.Advance(StorePathHash.ByteLength);
    }

    // An even number is twice that of a name in the table, an odd one announces a name.
    private static void WriteName(ArrayBufferWriter<byte> output, ReadOnlySpan<char> name, NameTable names)
    {
        Span<byte> bytes = stackalloc byte[Encoding.UTF8.GetMaxByteCount(name.Length)];
        bytes = bytes[..Encoding.UTF8.GetBytes(name, bytes)];
        int number = names.NumberOf(bytes);
        if (number >= 0)
        {
            Write(output, (ulong)number << 1);
            return;
        }

        Write(output, ((ulong)bytes.Length << 1) | 1);
        Write(output, bytes);
    }

    private static void WriteText(ArrayBufferWriter<byte> output, string text)
    {
        Write(output, (ulong)Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, output);
    }

    private static void Write(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> bytes) => output.Write(bytes);

    private static void Write(ArrayBufferWriter<byte> output, ulong value)
    {
        Span<byte> room = output.GetSpan(MaxVarint);
        int length = 0;
        for (; value >= 0x80; value >>= 7)
            room[length++] = (byte)(value | 0x80);
        room[length++] = (byte)value;
        output.Advance(length);
    }
}
