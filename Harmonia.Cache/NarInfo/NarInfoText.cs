using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.NarInfo;

/// <summary>
/// A narinfo as clients read it. The order is that of Nix (src/libstore/nar-info.cc, NarInfo::to_string). Nix's reader skips exactly
/// one character after each colon and wants a line feed at the end of every line, so <c>References: </c> keeps its blank when there
/// are none.
/// </summary>
public static class NarInfoText
{
    // A path with a dozen references and two signatures takes about 1 KiB.
    private const int UsualLength = 1024;

    public static ReadOnlyMemory<byte> Render(SignedNarInfo narInfo)
    {
        UnkeyedValidPathInfo info = narInfo.Path.Info;
        ArrayBufferWriter<byte> output = new(UsualLength);

        Field(output, "StorePath: "u8, narInfo.StoreDirectory.Print(narInfo.Path.Path));
        Field(output, "URL: "u8, narInfo.Url);
        Field(output, "Compression: "u8, narInfo.Compression);
        if (narInfo.FileHash is { } fileHash)
            Field(output, "FileHash: "u8, fileHash.ToPrefixedBase32());
        if (narInfo.FileSize is { } fileSize)
            Field(output, "FileSize: "u8, fileSize);
        Field(output, "NarHash: "u8, info.NarHash.ToPrefixedBase32());
        Field(output, "NarSize: "u8, info.NarSize);
        References(output, info.References);
        if (info.Deriver is not null)
            Field(output, "Deriver: "u8, info.Deriver.BaseName);
        foreach (Signature signature in narInfo.Signatures)
            Field(output, "Sig: "u8, signature.ToString());
        if (info.ContentAddress is not null)
            Field(output, "CA: "u8, info.ContentAddress.ToString());
        return output.WrittenMemory;
    }

    private static void References(ArrayBufferWriter<byte> output, IReadOnlyList<StorePath> references)
    {
        output.Write("References: "u8);
        for (int i = 0; i < references.Count; i++)
        {
            if (i > 0)
                output.Write(" "u8);
            Encoding.UTF8.GetBytes(references[i].BaseName, output);
        }

        output.Write("\n"u8);
    }

    private static void Field(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> name, string value)
    {
        output.Write(name);
        Encoding.UTF8.GetBytes(value, output);
        output.Write("\n"u8);
    }

    private static void Field(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> name, ulong value)
    {
        const int MaxDigits = 20;
        output.Write(name);
        Utf8Formatter.TryFormat(value, output.GetSpan(MaxDigits), out int written);
        output.Advance(written);
        output.Write("\n"u8);
    }
}
