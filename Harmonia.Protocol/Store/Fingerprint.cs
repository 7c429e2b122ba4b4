using System.Buffers.Text;
using System.Text;
using Harmonia.Protocol.Primitives;

namespace Harmonia.Protocol.Store;

/// <summary>The text that is signed for a path info. Nix: src/libstore/path-info.cc, ValidPathInfo::fingerprint.</summary>
public static class Fingerprint
{
    // "1;", three semicolons, "sha256:" with 52 digits, and a number of at most 20.
    private const int MaxRest = 2 + 3 + 7 + 52 + 20;

    /// <summary>
    /// <c>1;path;sha256:nix32;size;references</c> in UTF-8, with full paths, the references separated by commas. Deriver and content
    /// address are not in it.
    /// </summary>
    /// <exception cref="InvalidOperationException">The size of the NAR is not known (0).</exception>
    public static byte[] Of(StoreDirectory directory, ValidPathInfo info)
    {
        if (info.Info.NarSize == 0)
        {
            throw new InvalidOperationException($"{directory.Print(info.Path)} cannot be signed: the size of its NAR is not known.");
        }

        byte[] prefix = Encoding.UTF8.GetBytes(directory.Path + "/");
        int length = MaxRest + prefix.Length + info.Path.BaseName.Length;
        foreach (StorePath reference in info.Info.References)
        {
            length += 1 + prefix.Length + reference.BaseName.Length;
        }

        byte[] text = new byte[length];
        Span<byte> rest = text;
        Add(ref rest, "1;"u8);
        Add(ref rest, prefix, info.Path);
        Add(ref rest, ";sha256:"u8);
        Span<byte> hash = stackalloc byte[NarHash.ByteLength];
        info.Info.NarHash.CopyTo(hash);
        int digits = NixBase32.EncodedLength(NarHash.ByteLength);
        NixBase32.Encode(hash, rest[..digits]);
        rest = rest[digits..];
        Add(ref rest, ";"u8);
        Utf8Formatter.TryFormat(info.Info.NarSize, rest, out int written);
        rest = rest[written..];
        Add(ref rest, ";"u8);
        for (int i = 0; i < info.Info.References.Count; i++)
        {
            Add(ref rest, i == 0 ? [] : ","u8);
            Add(ref rest, prefix, info.Info.References[i]);
        }

        return text[..^rest.Length];
    }

    private static void Add(ref Span<byte> text, ReadOnlySpan<byte> prefix, StorePath path)
    {
        Add(ref text, prefix);
        text = text[Encoding.ASCII.GetBytes(path.BaseName, text)..];
    }

    private static void Add(ref Span<byte> text, ReadOnlySpan<byte> part)
    {
        part.CopyTo(text);
        text = text[part.Length..];
    }
}
