using System.Buffers;
using System.Text;
using Harmonia.Cache.Catalog;
using Harmonia.Cache.NarInfo;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;

namespace Harmonia.Tests.Cache.NarInfo;

/// <summary>Narinfos as text, written from what is remembered of a path.</summary>
internal static class NarInfoTexts
{
    public static string Render(StoreDirectory directory, ValidPathInfo path, params SecretKey[] keys)
    {
        PathRecord record = PathRecords.Of(path);
        NarInfoSigner signer = new(directory, keys);
        ArrayBufferWriter<byte> text = new();
        new NarInfoText(directory, offersZstd: false).Write(text, record.With(signer.Make(path, record)), signer.Current, stored: null);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }
}
