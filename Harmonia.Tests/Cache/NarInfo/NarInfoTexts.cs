using System.Buffers;
using System.Text;
using Harmonia.Cache.Catalog;
using Harmonia.Cache.NarInfo;
using Harmonia.Protocol.Store;

namespace Harmonia.Tests.Cache.NarInfo;

/// <summary>Narinfos as text, written from what is remembered of a path.</summary>
internal static class NarInfoTexts
{
    public static string Render(StoreDirectory directory, ValidPathInfo path, params SecretKey[] keys)
    {
        BaseNames names = new(1 << 20);
        ArrayBufferWriter<byte> info = new();
        PathRecordWriter.Write(info, path, names);
        byte[] hash = new byte[StorePathHash.ByteLength];
        path.Path.Hash.CopyTo(hash);
        PathRecord record = new(hash, info.WrittenSpan, default, names);
        NarInfoSigner signer = new(directory, keys);
        ArrayBufferWriter<byte> text = new();
        new NarInfoText(directory, offersZstd: false).Write(text, record.With(signer.Make(path, record)), signer.Current, stored: null);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }
}
